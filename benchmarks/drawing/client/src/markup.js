import { offer } from "./ask.js";

offer((root, name, payload) => {
  root.innerHTML = payload;
});
