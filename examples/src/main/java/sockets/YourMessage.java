// A TCP server that answers what comes with the address of who has sent it. Arguments: [port]. Ctrl-C stops it.
// Answers Asyncio and gevent, program 5: a TCP echo server, with asyncio.start_server.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

static final int MAX_CLIENTS = 1000;
static final int MAX_BYTES = 1024;

void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 9999;
    run(() -> serve(port));
}

void serve(int port) {
    try (Listener listener = Tcp.listen("127.0.0.1", port)) {
        IO.println("listening on " + listener.address());
        listener.serve(MAX_CLIENTS, this::handle);
    }
}

void handle(ByteStream stream) {
    var buffer = new byte[MAX_BYTES];
    for (int n = stream.read(buffer); n > 0; n = stream.read(buffer)) {
        stream.write(stream.remoteAddress() + " Your msg " + new String(buffer, 0, n, StandardCharsets.UTF_8));
    }
}
