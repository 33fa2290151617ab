// Keeps what a page shows of an operation up to date, from the operation's own event stream.
(function () {
  function show(element, status) {
    element.querySelectorAll('[data-field]').forEach(function (cell) {
      var value = status[cell.dataset.field];
      cell.textContent = value === undefined ? '' : value;
    });
    element.querySelectorAll('[data-bar]').forEach(function (bar) {
      bar.style.width = status.progress + '%';
      bar.classList.toggle('progress-bar-danger', status.progress === 100 && status.status !== 0);
      bar.classList.toggle('progress-bar-success', status.progress === 100 && status.status === 0);
    });
  }

  function watch(element) {
    var stream = new EventSource(element.dataset.operation);
    stream.onmessage = function (event) {
      var status = JSON.parse(event.data);
      show(element, status);
      if (status.progress === 100) {
        stream.close();
      }
    };
  }

  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('[data-operation]').forEach(watch);
  });
})();
