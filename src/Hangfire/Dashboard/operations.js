// Keeps what a page shows of an operation up to date, from the operation's own event stream.
(function () {
  var LOOK_AGAIN = 3000;

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
        followDeliveries();
      }
    };
  }

  // Deliveries have no stream: the page is asked for them again as long as some may still be tried.
  function followDeliveries() {
    var shown = document.querySelector('[data-deliveries]');
    if (shown && shown.dataset.deliveries === 'moving') {
      fetch(location.href, { credentials: 'same-origin' })
        .then(function (answer) { return answer.ok ? answer.text() : ''; })
        .then(function (page) {
          var fresh = new DOMParser().parseFromString(page, 'text/html').querySelector('[data-deliveries]');
          if (fresh) {
            shown.replaceWith(fresh);
          }
        })
        .catch(function () { /* The server is away; the next look may find it. */ })
        .then(function () { setTimeout(followDeliveries, LOOK_AGAIN); });
    }
  }

  document.addEventListener('DOMContentLoaded', function () {
    document.querySelectorAll('[data-operation]').forEach(watch);
  });
})();
