/** A page that looks up whatever is typed, by one message of a WebSocket each. */
export const LIVE_PAGE = `<!doctype html>
<title>Live lookup</title>
<input id="key" value="user:42" />
<button id="ask">look up</button>
<pre id="found"></pre>
<script type="module">
  const socket = new WebSocket(new URL('/live/socket', location.href.replace('http', 'ws')));
  ask.onclick = () => socket.send(JSON.stringify({ event: 'lookup', data: key.value }));
  socket.onmessage = ({ data }) => (found.textContent = data);
</script>
`;
