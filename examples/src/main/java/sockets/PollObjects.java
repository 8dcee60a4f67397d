// Objects of one's own that have a descriptor, given to a poller: what is ready comes back as the object. Linux only.
// Answers Concurrent requests, program 17: select.select on objects with a fileno().

import static dev.heddle.Heddle.*;
import static java.lang.foreign.ValueLayout.*;

import dev.heddle.net.PollKey;
import dev.heddle.net.Poller;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/** From the headers of Linux. */
static final int O_NONBLOCK = 04000;

void main() {
    run(this::pollThree);
}

void pollThree() throws IOException {
    try (Poller<Foo> poller = Poller.open(); Arena arena = Arena.ofShared()) {
        var objects = new ArrayList<Foo>();
        for (String name : List.of("a", "b", "c")) {
            var foo = new Foo(name, arena);
            objects.add(foo);
            poller.add(foo.fileno(), Poller.READABLE, foo);
        }
        spawn(() -> {
            for (int i : new int[]{1, 2, 0}) {
                sleep(Duration.ofMillis(20));
                objects.get(i).write("hello");
            }
        });
        while (poller.size() > 0) {
            for (PollKey<Foo> key : poller.await()) {
                IO.println(key.attachment() + " is ready: " + key.attachment().read());
                key.close();                       // before its descriptor
                key.attachment().close();
            }
        }
    }
}

/** Anything with a descriptor; this one has a pipe. */
static class Foo {
    private final String name;
    private final Arena arena;
    private final int reader;
    private final int writer;

    Foo(String name, Arena arena) throws IOException {
        MemorySegment both = arena.allocate(JAVA_INT, 2);
        call("pipe2", both, O_NONBLOCK);
        this.name = name;
        this.arena = arena;
        this.reader = both.getAtIndex(JAVA_INT, 0);
        this.writer = both.getAtIndex(JAVA_INT, 1);
    }

    int fileno() {
        return reader;
    }

    void write(String text) throws IOException {
        call("write", writer, arena.allocateFrom(text), (long) text.length());
    }

    String read() throws IOException {
        MemorySegment buffer = arena.allocate(100);
        int length = call("read", reader, buffer, buffer.byteSize());
        return StandardCharsets.US_ASCII.decode(buffer.asSlice(0, length).asByteBuffer()).toString();
    }

    void close() throws IOException {
        call("close", reader);
        call("close", writer);
    }

    @Override
    public String toString() {
        return name;
    }
}

/** Calls a function of the C library. */
@SuppressWarnings("restricted")
static int call(String name, Object... arguments) throws IOException {
    var types = Stream.of(arguments)
            .map(it -> it instanceof Integer ? JAVA_INT : it instanceof Long ? JAVA_LONG : ADDRESS)
            .toArray(MemoryLayout[]::new);
    Linker linker = Linker.nativeLinker();
    var function = linker.downcallHandle(
            linker.defaultLookup().findOrThrow(name), FunctionDescriptor.of(JAVA_INT, types));
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
