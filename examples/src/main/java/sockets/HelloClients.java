// Many clients that say hello to a server and print what it answers. Arguments: port [clients] [hellos of each].
// Answers Threads and coroutines, program 34; Asyncio and gevent, program 11: 500 threads as clients.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;

static final int MAX_BYTES = 1024;

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
        var buffer = new byte[MAX_BYTES];
        for (int count = 0; count < hellos; count++) {
            stream.write(currentTask().name() + " say hello " + count);
            int n = stream.read(buffer);
            if (n < 0) {
                throw new IllegalStateException("the server has gone after " + count + " hellos");
            }
            IO.println(new String(buffer, 0, n, StandardCharsets.UTF_8));
        }
    }
}
