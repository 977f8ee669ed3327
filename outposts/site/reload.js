new EventSource("/-/changes").onmessage = () => location.reload();
