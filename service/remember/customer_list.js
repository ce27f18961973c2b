// Runs once in the list of customers: an id that is pressed goes into the field below, and its customer is shown.
element.addEventListener("click", (event) => {
  const picked = event.target.closest("[data-customer]");
  if (!picked) return;
  const field = document.querySelector("#customer-id textarea, #customer-id input");
  field.value = picked.dataset.customer;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => {
    document.querySelector("#customer-show").click();
    document.querySelector("#one-customer").scrollIntoView({ block: "nearest" });
  });
});
