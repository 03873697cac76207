(function () {
  var code = "";
  try { code = decodeURIComponent(location.hash.slice(1)).toUpperCase(); } catch (e) { /* no code */ }
  if (!/^[0-9A-Z]{4}[ -]?[0-9A-Z]{4}$/.test(code)) {
    document.getElementById("none").hidden = false;
    return;
  }
  document.getElementById("code").textContent = code;
  document.getElementById("there").hidden = false;
  var button = document.getElementById("copy"), said = button.textContent;
  button.addEventListener("click", function () {
    var done = function () {
      button.textContent = button.dataset.done;
      setTimeout(function () { button.textContent = said; }, 2000);
    };
    if (navigator.clipboard) { navigator.clipboard.writeText(location.href).then(done, select); } else { select(); }
  });
  function select() {
    var range = document.createRange();
    range.selectNodeContents(document.getElementById("code"));
    getSelection().removeAllRanges();
    getSelection().addRange(range);
  }
})();
