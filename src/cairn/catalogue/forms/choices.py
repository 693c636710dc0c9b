"""What can be chosen in the forms of the catalogue, in words."""

from django.utils.translation import gettext_lazy as _

ACHIEVEMENT_TYPES = [
    ("MicroCredential", _("Micro-credential (all facts of Annex I)")),
    ("Course", _("Course")),
    ("CertificateOfCompletion", _("Certificate of completion")),
    ("Certificate", _("Certificate")),
    ("Certification", _("Certification")),
    ("License", _("Licence")),
    ("Competency", _("Competency")),
    ("Assessment", _("Assessment")),
    ("LearningProgram", _("Learning programme")),
    ("Fieldwork", _("Fieldwork or placement")),
    ("CommunityService", _("Community service")),
    ("CoCurricular", _("Co-curricular activity")),
    ("Membership", _("Membership")),
    ("Award", _("Award")),
    ("Badge", _("Badge")),
    ("Achievement", _("Another achievement")),
]
NOT_SAID = ("", _("Not said yet"))
LEVELS = [
    NOT_SAID,
    ("none", _("No level applies")),
    *((str(level), f"EQF {level}") for level in range(1, 5)),
    ("5", _("EQF 5 (short cycle)")),
    ("6", _("EQF 6 (bachelor)")),
    ("7", _("EQF 7 (master)")),
    ("8", _("EQF 8 (doctorate)")),
]
RESULT_TYPES = [
    ("", "–"),
    ("RawScore", _("Points")),
    ("Percent", _("Percentage")),
    ("LetterGrade", _("Letter grade")),
    ("GradePointAverage", _("Grade point average")),
    ("PerformanceLevel", _("Level of performance")),
    ("Status", _("Passed or not")),
    ("Result", _("Another result")),
]
