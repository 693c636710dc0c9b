// Passkeys: hand the question of a page to the browser, and its answer to a form.
//
// A form with data-passkey="create" or "get" has a hidden field `credential`, a button that is
// hidden without a script, and data-options: the id of a JSON script, or an address that answers one.
"use strict";
(() => {
  const read = (text) => {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (one) => one.charCodeAt(0));
  };
  const written = (buffer) => {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  };
  const known = (entries) => (entries || []).map((entry) => ({ ...entry, id: read(entry.id) }));

  const create = async (asked) => {
    const made = await navigator.credentials.create({
      publicKey: {
        ...asked,
        challenge: read(asked.challenge),
        user: { ...asked.user, id: read(asked.user.id) },
        excludeCredentials: known(asked.excludeCredentials),
        authenticatorSelection: {
          ...asked.authenticatorSelection,
          residentKey: "required",
          requireResidentKey: true,
          userVerification: "required",
        },
      },
    });
    return answer(made, {
      attestationObject: written(made.response.attestationObject),
      transports: made.response.getTransports?.() || [],
    });
  };

  const get = async (asked) => {
    const used = await navigator.credentials.get({
      publicKey: {
        ...asked,
        challenge: read(asked.challenge),
        allowCredentials: known(asked.allowCredentials),
      },
    });
    const { authenticatorData, signature, userHandle } = used.response;
    return answer(used, {
      authenticatorData: written(authenticatorData),
      signature: written(signature),
      userHandle: userHandle ? written(userHandle) : null,
    });
  };

  const answer = (credential, said) => ({
    id: credential.id,
    rawId: written(credential.rawId),
    type: credential.type,
    response: { clientDataJSON: written(credential.response.clientDataJSON), ...said },
    clientExtensionResults: credential.getClientExtensionResults(),
    authenticatorAttachment: credential.authenticatorAttachment,
  });

  const options = async (form) => {
    const here = document.getElementById(form.dataset.options);
    if (here) return JSON.parse(here.textContent);
    const method = form.dataset.optionsMethod || "GET";
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = form.elements.csrfmiddlewaretoken.value;
    const found = await fetch(form.dataset.options, { method, headers });
    if (found.ok) return found.json();
    const page = new DOMParser().parseFromString(await found.text(), "text/html");
    throw Object.assign(new Error("refused"), { told: page.querySelector(".lede")?.textContent });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const told = form.querySelector("[role=status]");
    const button = form.querySelector("button[hidden]");
    if (!window.PublicKeyCredential || !navigator.credentials) {
      told.textContent = form.dataset.missing;
      continue;
    }
    told.textContent = "";
    button.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      told.textContent = form.dataset.wait;
      try {
        const said = await options(form);
        const asked = (said.creation_options || said.request_options || said).publicKey;
        const made = form.dataset.passkey === "create" ? await create(asked) : await get(asked);
        form.elements.credential.value = JSON.stringify(made);
        form.submit();
      } catch (error) {
        told.textContent = error.told || form.dataset.failed;
        button.disabled = false;
      }
    });
  }
})();
