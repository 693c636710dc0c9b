"""The file that a batch was uploaded as: how it is read, and how far that is."""

from django.db import models


class BatchSource(models.Model):
    """One uploaded table.  Its bytes are stored until the batch is approved or given up."""

    class Kind(models.TextChoices):
        CSV = "csv"
        XLSX = "xlsx"

    batch = models.OneToOneField(
        "issuing.Batch", models.CASCADE, primary_key=True, related_name="source"
    )
    kind = models.CharField(max_length=4, choices=Kind)
    # As somebody chose; "" is found out.  What it was read as stands in the batch.
    encoding = models.CharField(max_length=20, blank=True)
    separator = models.CharField(max_length=1, blank=True)
    sheet = models.CharField(max_length=100, blank=True)
    sheets = models.JSONField(default=list)  # the names of all in a workbook
    step = models.PositiveIntegerField(default=0)  # of the reading; an event names the one it asks
    is_loaded = models.BooleanField(default=False)  # all rows stand in the database
    rows_loaded = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)  # of those that are looked at now
    rows_to_read = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)  # why it could not be read, in words
