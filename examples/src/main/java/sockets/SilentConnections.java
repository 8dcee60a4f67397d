// What a connection costs whose client says nothing, measured, and from that what ten million would need. Arguments: [connections].
// Answers Threads, processes, coroutines, asyncio, program 28: C10M, ten million connections on a machine with 64 GB.

import static dev.heddle.Heddle.*;

import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.lang.management.ManagementFactory;

/** Of Linux for each TCP socket that has nothing to say, whatever the language; docs/performance.md has the table. */
static final int KERNEL_BYTES = 4_100;

/** Rounds until the server's methods are compiled: before, the stack of a task that waits is three times as large. */
static final int WARM_UP = 10;

static final double GIGABYTE = 1e9;

void main(String[] arguments) {
    int connections = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    run(() -> measure(connections));
}

void measure(int connections) {
    for (int round = 0; round < WARM_UP; round++) {
        bytesEach(connections);
    }
    sleep(Duration.ofMillis(100)); // until all that was closed has gone
    long each = bytesEach(connections);
    IO.println("%,d silent connections need %,d bytes of heap each".formatted(connections, each));
    IO.println("ten million need %.1f GB of heap, and %.1f GB of the kernel's memory".formatted(
            each * 1e7 / GIGABYTE, KERNEL_BYTES * 1e7 / GIGABYTE));
}

/** All are made before the server accepts the first: what they cost at the clients' end is there already. */
long bytesEach(int connections) {
    try (Listener listener = Tcp.listen(0)) {
        List<ByteStream> clients = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            clients.add(Tcp.connect("127.0.0.1", listener.port()));
        }
        long before = offload(this::usedHeap);
        var server = spawn("server", () -> listener.serve(connections, this::echo));
        clients.forEach(this::sayHello);
        long each = (offload(this::usedHeap) - before) / connections;
        clients.forEach(ByteStream::close);
        server.cancel();
        return each;
    }
}

/** Says back what it hears, and waits in silence for more. */
void echo(ByteStream stream) {
    for (var line = stream.readLine(100); line.isPresent(); line = stream.readLine(100)) {
        stream.write(line.get() + "\n");
    }
}

/** So the server has accepted it, and its task waits for the next line. */
void sayHello(ByteStream stream) {
    stream.write("hello\n");
    stream.readLine(100);
}

long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
}
