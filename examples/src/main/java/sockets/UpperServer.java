// A server that prints what its clients say and says it back in capitals, a task for each client. Arguments: [port]. Ctrl-C stops it.
// Answers Threads and coroutines, programs 5 and 32; Asyncio and gevent, program 11: a socket server with a thread, and one with a greenlet, for each client.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.io.TextStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

static final int MAX_CLIENTS = 1000;

void main(String[] args) {
    int port = args.length > 0 ? Integer.parseInt(args[0]) : 8080;
    run(() -> {
        try (Listener listener = Tcp.listen("127.0.0.1", port)) {
            IO.println("listening on " + listener.address());
            serve(listener);
        }
    });
}

void serve(Listener listener) {
    listener.serve(MAX_CLIENTS, this::talk);
}

/** Ends with the client. In Python {@code recv} gives an empty string from then on, and the loop goes round for ever. */
void talk(ByteStream client) {
    for (String message : TextStream.replacing(client, StandardCharsets.UTF_8)) { // what has come, never half a letter
        IO.println("client " + client.remoteAddress() + " msg: " + message);
        client.write(message.toUpperCase(Locale.ROOT));
    }
}
