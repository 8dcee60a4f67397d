// A TCP server that sends each line back in capitals, and 500 clients that talk to it at once, all on one thread.
// Answers Threads and coroutines, program 34: a socket server with a thread or greenlet for each client, and 500 client threads.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

static final int CLIENTS = 500;
static final int HELLOS = 10;
static final int MAX_LINE_BYTES = 1024;

void main() {
    run(this::serveAndTalk);
}

void serveAndTalk() {
    try (Listener listener = Tcp.listen(0)) {
        spawn("server", () -> listener.serve(CLIENTS, this::answer));
        var names = IntStream.range(0, CLIENTS).mapToObj(number -> "client-" + number).toList();
        var replies = map(names, CLIENTS, name -> talk(name, listener.port()));
        IO.println(replies.getFirst());
        IO.println(replies.getLast());
        IO.println(CLIENTS + " clients said hello " + HELLOS + " times each and all were answered");
    }
}

void answer(ByteStream stream) {
    for (var line = stream.readLine(MAX_LINE_BYTES); line.isPresent(); line = stream.readLine(MAX_LINE_BYTES)) {
        stream.write(line.get().toUpperCase(Locale.ROOT) + "\n");
    }
}

String talk(String name, int port) {
    try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
        String reply = "";
        for (int count = 0; count < HELLOS; count++) {
            stream.write(name + " says hello " + count + "\n");
            reply = stream.readLine(MAX_LINE_BYTES).orElseThrow();
        }
        return reply;
    }
}
