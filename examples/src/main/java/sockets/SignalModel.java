// Signal-driven I/O: a socket has the kernel send SIGIO when something has come; meanwhile the program does something else.
// Answers Threads, processes, coroutines, asyncio, program 26: the fourth of the five I/O models of Unix. Linux only.

import static dev.heddle.Heddle.*;
import static java.lang.foreign.ValueLayout.*;

import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import dev.heddle.os.Signals;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

// From Linux's headers.
static final int AF_INET = 2;
static final int SOCK_STREAM = 1;
static final int F_SETFL = 4;
static final int F_SETOWN = 8;
static final int O_NONBLOCK = 04000;
static final int O_ASYNC = 020000;

void main() {
    run(this::readWhenTold);
}

void readWhenTold() throws IOException {
    try (var listener = Tcp.listen("127.0.0.1", 0);
            var signals = Signals.receive("IO");
            Arena arena = Arena.ofConfined()) {
        var peer = spawn("peer", () -> sayLater(listener.accept()));
        int socket = connect(arena, listener.port());
        call("fcntl", socket, F_SETOWN, Math.toIntExact(ProcessHandle.current().pid()));
        call("fcntl", socket, F_SETFL, O_ASYNC | O_NONBLOCK);

        var worker = spawn("other work", this::workOn);
        IO.println("signal: " + signals.take());
        worker.cancel("no more work");
        MemorySegment buffer = arena.allocate(100);
        int length = call("read", socket, buffer, buffer.byteSize());    // does not wait: something has come
        IO.println("read: " + StandardCharsets.US_ASCII.decode(buffer.asSlice(0, length).asByteBuffer()));
        call("close", socket);
        peer.join();
    }
}

/** A socket of the system with its number, which the sockets of the JDK do not tell. */
int connect(Arena arena, int port) throws IOException {
    int socket = call("socket", AF_INET, SOCK_STREAM, 0);
    MemorySegment address = arena.allocate(16);                          // struct sockaddr_in
    address.set(JAVA_SHORT, 0, (short) AF_INET);
    address.asByteBuffer().putShort(2, (short) port).put(4, InetAddress.getLoopbackAddress().getAddress());
    call("connect", socket, address, 16);
    return socket;
}

void sayLater(ByteStream client) {
    try (client) {
        sleep(Duration.ofMillis(100));
        client.write("hello");
        client.readAll(1);                                               // until the other side closes
    }
}

void workOn() {
    while (true) {
        sleep(Duration.ofMillis(1));
    }
}

/** Calls a function of the C library. */
@SuppressWarnings("restricted")
static int call(String name, Object... arguments) throws IOException {
    var types = Stream.of(arguments)
            .map(it -> it instanceof Integer ? JAVA_INT : it instanceof Long ? JAVA_LONG : ADDRESS)
            .toArray(MemoryLayout[]::new);
    var variadic = name.equals("fcntl") ? new Linker.Option[]{Linker.Option.firstVariadicArg(2)} : new Linker.Option[0];
    Linker linker = Linker.nativeLinker();
    var function = linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, types), variadic);
    int result;
    try {
        result = (int) function.invokeWithArguments(arguments);
    } catch (Throwable e) {
        throw new IllegalStateException(e);
    }
    if (result < 0) {
        throw new IOException(name + " has failed");
    }
    return result;
}
