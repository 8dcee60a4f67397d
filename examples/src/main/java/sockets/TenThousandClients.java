// Ten thousand clients connected to one server at the same time, each of which then gets a file, all in one thread. Arguments: [clients].
// Answers Threads, processes, coroutines, asyncio, program 27: C10K, one machine that serves files to ten thousand clients at once.

import static dev.heddle.Heddle.*;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.sync.Barrier;
import dev.heddle.sync.BoundedSemaphore;
import java.lang.management.ManagementFactory;

static final int FILE_BYTES = 1_000;

/** More clients than that do not connect at once, so that the server's line of those to be accepted does not overflow. */
static final int CONNECTING = 500;

void main(String[] arguments) {
    int clients = arguments.length > 0 ? Integer.parseInt(arguments[0]) : Math.min(10_000, mostClients());
    run(() -> serveAndFetch(clients));
}

/** Both ends of each connection are descriptors of this process. */
int mostClients() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
            ? (int) Math.min(Integer.MAX_VALUE, (system.getMaxFileDescriptorCount() - 100) / 2)
            : Integer.MAX_VALUE;
}

void serveAndFetch(int clients) {
    var connecting = BoundedSemaphore.of(CONNECTING);
    var allConnected = Barrier.of(clients);
    try (Listener listener = Tcp.listen(0)) {
        spawn("server", () -> listener.serve(clients, this::sendFile));
        var numbers = IntStream.range(0, clients).boxed().toList();
        var sizes = map(numbers, clients, _ -> fetch(listener.port(), connecting, allConnected));
        IO.println(clients + " clients were connected at the same time");
        IO.println("all got the file: " + sizes.stream().allMatch(size -> size == FILE_BYTES));
    }
}

void sendFile(ByteStream stream) {
    stream.readLine(100);
    stream.write(new byte[FILE_BYTES]);
}

int fetch(int port, BoundedSemaphore connecting, Barrier allConnected) {
    try (ByteStream stream = connecting.run(() -> Tcp.connect("127.0.0.1", port))) {
        allConnected.await();
        stream.write("RETR file\r\n");
        return stream.readAll(FILE_BYTES).length;
    }
}
