// What a connection costs whose client says nothing, measured at several counts, and whether ten million fit into 64 GB. Arguments: [connections], each of which takes two descriptors.
// Answers Threads, processes, coroutines, asyncio, program 28: C10M, ten million connections on a machine with 64 GB.

import static dev.heddle.Heddle.*;

import dev.heddle.TaskGroup;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Of Linux for each TCP socket that has nothing to say, whatever the language; docs/performance.md has the table. */
static final int KERNEL_BYTES = 4_100;

static final double GIGABYTE = 1e9;
static final int MEMORY_GIGABYTES = 64;

/** Counts at which the heap is measured. */
static final int POINTS = 4;

/** Most that knock before the server takes the first: they wait in its backlog. */
static final int MAX_WAITING = 500;

/**
 * Until the server's methods are compiled the stack of a waiting task is larger, so there are that many rounds at least,
 * and more until two slopes agree. How small it becomes, the compiler decides anew in each run.
 */
static final int MIN_ROUNDS = 10;

static final int MAX_ROUNDS = 40;
static final double AGREEMENT = 0.02;

/** The serial collector gives back all dead objects in each fourth collection. */
static final int READINGS = 4;

/** @param bytes of heap that so many connections take at the server's end */
record Point(int connections, long bytes) {}

void main(String[] arguments) {
    int connections = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
    run(() -> measure(connections));
}

void measure(int connections) {
    List<Point> points = points(connections);
    double before = 0;
    for (int round = 1; round < MIN_ROUNDS || (round < MAX_ROUNDS && !agree(before, slope(points))); round++) {
        before = slope(points);
        points = points(connections);
    }
    points.forEach(point -> IO.println("%,d silent connections: %,d bytes of heap".formatted(
            point.connections(), point.bytes())));
    report(Math.round(slope(points)));
}

boolean agree(double one, double other) {
    return Math.abs(one - other) <= AGREEMENT * other;
}

void report(long each) {
    double heap = each * 1e7 / GIGABYTE;
    double kernel = KERNEL_BYTES * 1e7 / GIGABYTE;
    double left = MEMORY_GIGABYTES - heap - kernel;
    IO.println("each one more: %,d bytes".formatted(each));
    IO.println("ten million: %.1f GB of heap + %.1f GB in the kernel = %.1f GB".formatted(heap, kernel, heap + kernel));
    IO.println(left >= 0
            ? "they fit into %d GB, %.1f GB are left for the collector".formatted(MEMORY_GIGABYTES, left)
            : "they do not fit into %d GB, %.1f GB are missing".formatted(MEMORY_GIGABYTES, -left));
}

/** The median of the steps: what there is once, and what the collector gives back late, is in one of them only. */
double slope(List<Point> points) {
    var steps = new double[points.size()];
    var last = new Point(0, 0);
    for (int i = 0; i < steps.length; i++) {
        Point point = points.get(i);
        steps[i] = (double) (point.bytes() - last.bytes()) / (point.connections() - last.connections());
        last = point;
    }
    Arrays.sort(steps);
    return (steps[(steps.length - 1) / 2] + steps[steps.length / 2]) / 2;
}

List<Point> points(int connections) {
    List<Point> points = new ArrayList<>();
    List<SocketChannel> clients = new ArrayList<>();
    try (Listener listener = Tcp.listen("127.0.0.1", 0)) {
        group(servers -> {
            long bytes = 0;
            for (int point = 1; point <= POINTS; point++) {
                int count = Math.ceilDiv(point * connections, POINTS);
                while (clients.size() < count) {
                    bytes += bytesOfMore(listener, clients, Math.min(MAX_WAITING, count - clients.size()), servers);
                }
                points.add(new Point(count, bytes));
            }
            offload(() -> closeAll(clients));
        }); // the tasks of all connections have ended
    }
    return points;
}

/** The clients are there, and have spoken, before the server takes the first: their own end is not counted. */
long bytesOfMore(Listener listener, List<SocketChannel> clients, int more, TaskGroup servers) {
    offload(() -> connect(listener.port(), clients, more));
    long before = offload(this::usedHeap);
    for (int i = 0; i < more; i++) {
        ByteStream stream = listener.accept();
        servers.spawn(() -> echo(stream));
    }
    offload(() -> hear(clients.subList(clients.size() - more, clients.size())));
    return offload(this::usedHeap) - before;
}

/** Says back what it hears, and waits in silence for more. */
void echo(ByteStream stream) {
    try (stream) {
        for (var line = stream.readLine(100); line.isPresent(); line = stream.readLine(100)) {
            stream.write(line.get() + "\n");
        }
    }
}

void connect(int port, List<SocketChannel> clients, int more) throws IOException {
    for (int i = 0; i < more; i++) {
        var client = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        client.write(ByteBuffer.wrap("hello\n".getBytes(StandardCharsets.UTF_8)));
        clients.add(client);
    }
}

/** What comes back says that the server's task has been there, and waits now. */
void hear(List<SocketChannel> clients) throws IOException {
    ByteBuffer answer = ByteBuffer.allocate(100);
    for (SocketChannel client : clients) {
        client.read(answer.clear());
    }
}

void closeAll(List<SocketChannel> clients) throws IOException {
    for (SocketChannel client : clients) {
        client.close();
    }
}

/** The least of some readings: a collector may leave dead objects for a while, and a thread takes more than it needs. */
long usedHeap() {
    return LongStream.generate(this::usedAfterCollection).limit(READINGS).min().orElseThrow();
}

long usedAfterCollection() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
}
