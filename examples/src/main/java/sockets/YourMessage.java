// A TCP server that answers what comes with the address of who has sent it. Arguments: [port]. Ctrl-C stops it.
// Answers Asyncio and gevent, program 5: a TCP echo server, with asyncio.start_server.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.io.TextStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

static final int MAX_CLIENTS = 1000;

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
    for (String message : TextStream.replacing(stream, StandardCharsets.UTF_8)) { // what has come, never half a letter
        stream.write(stream.remoteAddress() + " Your msg " + message);
    }
}
