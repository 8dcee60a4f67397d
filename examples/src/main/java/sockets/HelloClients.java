// Many clients that say hello to a server and print what it answers. Arguments: port [clients] [hellos of each].
// Answers Threads and coroutines, program 34; Asyncio and gevent, program 11: 500 threads as clients.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.io.TextStream;
import dev.heddle.net.Tcp;

void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    int clients = args.length > 1 ? Integer.parseInt(args[1]) : 500;
    int hellos = args.length > 2 ? Integer.parseInt(args[2]) : 10;
    run(() -> talkAll(port, clients, hellos));
}

void talkAll(int port, int clients, int hellos) {
    group(g -> {
        for (int i = 0; i < clients; i++) {
            g.spawn("Thread-" + i, () -> talk(port, hellos));
        }
    });
}

void talk(int port, int hellos) {
    try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
        var text = TextStream.replacing(stream, StandardCharsets.UTF_8);
        for (int count = 0; count < hellos; count++) {
            int heard = count;
            text.send(currentTask().name() + " say hello " + count);
            IO.println(text.receive().orElseThrow(
                    () -> new IllegalStateException("the server has gone after " + heard + " hellos")));
        }
    }
}
