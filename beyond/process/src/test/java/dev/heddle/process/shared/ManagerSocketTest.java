package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.ClosedException;
import dev.heddle.conformance.LeavesNothing;
import dev.heddle.process.internal.codec.Codec;
import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Tag;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who comes to a manager's socket and is none of its processes, or behaves as if it were none. */
@LeavesNothing
final class ManagerSocketTest {

    private static final int OPTIONS_BYTES = 10_000;

    private Manager manager;
    private SharedQueue<String> queue;
    private RemoteReference reference;

    @BeforeEach
    void open() {
        manager = Manager.open(ManagerOptions.DEFAULT.withMaxBytes(OPTIONS_BYTES));
        queue = manager.queue(10);
        reference = Objects.requireNonNull(RemoteReference.behind(queue));
    }

    @AfterEach
    void close() {
        assertTrue(queue.tryPut("the others go on"));
        manager.close();
    }

    private Path path() {
        return Path.of(reference.address);
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(path()));
    }

    private ByteBuffer hello(byte[] secret) {
        return begin(MessageKind.HELLO.ordinal(), 0, Frame.HELLO_BYTES, Frame.HELLO_BYTES)
                .put(secret)
                .putLong(4711)
                .flip();
    }

    /** The beginning of a message, with room for so much of its content, and ready for that. */
    private static ByteBuffer begin(int kind, long number, int room, int contentBytes) {
        return ByteBuffer.allocate(Frame.FULL_HEAD_BYTES + room)
                .putInt(Frame.HEAD_BYTES + contentBytes)
                .put((byte) kind)
                .putLong(number);
    }

    private static void say(SocketChannel channel, ByteBuffer... words) throws IOException {
        for (ByteBuffer each : words) {
            while (each.hasRemaining()) {
                channel.write(each);
            }
        }
    }

    private static DataInputStream in(SocketChannel channel) {
        return new DataInputStream(Channels.newInputStream(channel));
    }

    private static Frame read(DataInputStream in) throws IOException {
        int length = in.readInt() - Frame.HEAD_BYTES;
        return new Frame(
                Objects.requireNonNull(MessageKind.of(in.readByte())), in.readLong(), in.readNBytes(length));
    }

    /** Sent away without a word. */
    private void assertSentAway(ByteBuffer... words) throws IOException {
        try (SocketChannel channel = connect()) {
            say(channel, words);
            assertEquals(-1, in(channel).read());
        }
    }

    /** Welcomed, and sent away for what it said then. */
    private void assertSentAwayLater(ByteBuffer... words) throws IOException {
        try (SocketChannel channel = connect()) {
            say(channel, hello(reference.secret));
            DataInputStream in = in(channel);
            assertEquals(MessageKind.SETUP, read(in).kind());
            try {
                say(channel, words);
            } catch (IOException e) {
                // It was faster.
            }
            assertEndsOrBreaks(in);
        }
    }

    private static void assertEndsOrBreaks(DataInputStream in) {
        try {
            assertEquals(-1, in.read());
        } catch (IOException e) {
            // Cut off with bytes on their way.
        }
    }

    private ByteBuffer call(long number, int object, int method, byte[] arguments) {
        return begin(MessageKind.CALL.ordinal(), number, Frame.CALL_BYTES + arguments.length,
                Frame.CALL_BYTES + arguments.length)
                .putLong(1)
                .putInt(object)
                .putShort((short) method)
                .put(arguments)
                .flip();
    }

    private int number(String method) {
        return CallTable.of(QueueCalls.class).named(method).number();
    }

    // ---- strangers ----

    @Test
    void nobodyElseMayEnterTheDirectoryOfTheSocket() throws IOException {
        Path directory = Objects.requireNonNull(path().getParent());
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path())));
    }

    @Test
    void whoSaysAWrongSecretIsSentAway() throws IOException {
        byte[] wrong = reference.secret.clone();
        wrong[31] ^= 1;
        assertSentAway(hello(wrong));
        assertEquals(0, manager.statistics().processes());
    }

    @Test
    void whoSaysGarbageIsSentAway() throws IOException {
        byte[] garbage = new byte[1_000];
        new Random(1).nextBytes(garbage);
        try (SocketChannel channel = connect()) {
            say(channel, ByteBuffer.wrap(garbage));
            assertEndsOrBreaks(in(channel));
        }
    }

    @Test
    void whoEndsInTheMiddleOfTheSecretLeavesNothing() throws IOException {
        ByteBuffer half = hello(reference.secret).limit(30);
        try (SocketChannel channel = connect()) {
            say(channel, half);
            channel.shutdownOutput();
            assertEquals(-1, in(channel).read());
        }
    }

    @Test
    void secretMayComeByteByByte() throws IOException {
        ByteBuffer hello = hello(reference.secret);
        try (SocketChannel channel = connect()) {
            while (hello.hasRemaining()) {
                say(channel, ByteBuffer.wrap(new byte[]{hello.get()}));
            }
            assertEquals(MessageKind.SETUP, read(in(channel)).kind());
        }
    }

    // ---- those who know the secret ----

    @Test
    void callIsAnsweredUnderItsNumber() throws IOException {
        queue.put("a");
        try (SocketChannel channel = connect()) {
            say(channel, hello(reference.secret), call(7, reference.number, number("isClosed"), Frame.NOTHING));
            DataInputStream in = in(channel);
            read(in);
            Frame answer = read(in);
            assertEquals(MessageKind.RESULT, answer.kind());
            assertEquals(7, answer.number());
            assertArrayEquals(new byte[]{Tag.FALSE}, answer.content());
        }
    }

    @Test
    void callsAreAnsweredInAnyOrder() throws IOException {
        try (SocketChannel channel = connect()) {
            say(channel, hello(reference.secret), call(1, reference.number, number("take"), Frame.NOTHING));
            // Another caller of the same process.
            ByteBuffer second = call(2, reference.number, number("isClosed"), Frame.NOTHING);
            second.putLong(Frame.FULL_HEAD_BYTES, 2);
            say(channel, second);
            DataInputStream in = in(channel);
            read(in);
            assertEquals(2, read(in).number());
            queue.put("a");
            Frame taken = read(in);
            assertEquals(1, taken.number());
            assertEquals(MessageKind.RESULT, taken.kind());
        }
    }

    @Test
    void cancelEndsACallAndOneForNoCallDoesNothing() throws IOException {
        try (SocketChannel channel = connect()) {
            say(channel, hello(reference.secret), call(1, reference.number, number("take"), Frame.NOTHING),
                    begin(MessageKind.CANCEL.ordinal(), 99, 0, 0).flip(),
                    begin(MessageKind.CANCEL.ordinal(), 1, 0, 0).flip());
            DataInputStream in = in(channel);
            read(in);
            Frame answer = read(in);
            assertEquals(1, answer.number());
            assertEquals(MessageKind.CANCELLED, answer.kind());
            queue.put("a");
            assertEquals(Optional.of("a"), queue.tryTake());
        }
    }

    @Test
    void callOfNoObjectOrNoMethodIsAnsweredSo() throws IOException {
        try (SocketChannel channel = connect()) {
            say(channel, hello(reference.secret), call(1, 99, 0, Frame.NOTHING));
            DataInputStream in = in(channel);
            read(in);
            assertEquals(MessageKind.GONE, read(in).kind());
            say(channel, call(2, reference.number, 999, Frame.NOTHING));
            assertEquals(MessageKind.GONE, read(in).kind());
        }
    }

    @Test
    void argumentsThatAreNoneAreAFailureOfTheirCallOnly() throws IOException {
        try (SocketChannel channel = connect()) {
            byte[] list = new Codec(1_000, List.of()).encode("it", false, List.of("not a parcel"));
            say(channel, hello(reference.secret), call(1, reference.number, number("put"), new byte[]{99, 1, 2}),
                    call(2, reference.number, number("put"), list),
                    call(3, reference.number, number("put"), Frame.NOTHING));
            DataInputStream in = in(channel);
            read(in);
            for (int i = 1; i <= 3; i++) {
                assertEquals(MessageKind.FAILURE, read(in).kind());
            }
            assertEquals(0, queue.statistics().size());
        }
    }

    @Test
    void messagesThatMakeNoSenseEndTheConnection() throws IOException {
        assertSentAwayLater(begin(77, 1, 0, 0).flip());
        assertSentAwayLater(begin(MessageKind.CALL.ordinal(), 1, 0, 0).flip());
        assertSentAwayLater(begin(MessageKind.CALL.ordinal(), 1, 0, -100).flip());
        assertSentAwayLater(begin(MessageKind.CALL.ordinal(), 1, 0, OPTIONS_BYTES + 1_000).flip());
    }

    @Test
    void halfAMessageAtTheEndDoesNothing() throws Exception {
        ByteBuffer whole = call(1, reference.number, number("close"), Frame.NOTHING);
        for (int length : new int[]{1, 5, Frame.FULL_HEAD_BYTES, whole.limit() - 1}) {
            try (SocketChannel channel = connect()) {
                say(channel, hello(reference.secret), whole.duplicate().limit(length));
                read(in(channel));
            }
        }
        new InThreads().until(() -> manager.statistics().processes() == 0);
        assertFalse(queue.isClosed());
    }

    @Test
    void processThatIsGoneHasNoCallsUnderWay() throws Exception {
        try (SocketChannel channel = connect()) {
            say(channel, hello(reference.secret), call(1, reference.number, number("take"), Frame.NOTHING));
            new InThreads().untilWaiting(manager, 1);
        }
        new InThreads().untilWaiting(manager, 0);
        assertEquals(0, queue.statistics().waitingTakers());
    }

    @Test
    void oneCallMoreThanAProcessMayHaveIsRefused() throws Exception {
        try (Manager small = Manager.open(ManagerOptions.DEFAULT.withMaxCalls(2))) {
            RemoteReference there = Objects.requireNonNull(RemoteReference.behind(small.queue(1)));
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(there.address))) {
                say(channel, hello(there.secret));
                for (int i = 1; i <= 3; i++) {
                    say(channel, call(i, there.number, number("take"), Frame.NOTHING));
                }
                DataInputStream in = in(channel);
                read(in);
                Frame refused = read(in);
                assertEquals(3, refused.number());
                assertEquals(MessageKind.BUSY, refused.kind());
            }
        }
    }

    @Test
    void manyCallsTooManyAtOnceAreAllRefusedAndTheOthersStay() throws Exception {
        try (Manager small = Manager.open(ManagerOptions.DEFAULT.withMaxCalls(2))) {
            RemoteReference there = Objects.requireNonNull(RemoteReference.behind(small.queue(1)));
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(there.address))) {
                ByteBuffer all = ByteBuffer.allocate(100_000).put(hello(there.secret));
                for (int i = 1; i <= 500; i++) {
                    all.put(call(i, there.number, number("take"), Frame.NOTHING));
                }
                say(channel, all.flip());
                DataInputStream in = in(channel);
                read(in);
                for (int i = 3; i <= 500; i++) {
                    Frame refused = read(in);
                    assertEquals(MessageKind.BUSY, refused.kind());
                    assertEquals(i, refused.number());
                }
                assertEquals(1, small.statistics().processes());
                assertEquals(1, small.statistics().callsUnderWay());
            }
        }
    }

    @Test
    void processThatCallsAndNeverReadsIsNotReadEither() throws Exception {
        try (Manager small = Manager.open(ManagerOptions.DEFAULT.withMaxCalls(10))) {
            RemoteReference there = Objects.requireNonNull(RemoteReference.behind(small.queue(1)));
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(there.address))) {
                say(channel, hello(there.secret));
                channel.configureBlocking(false);
                ByteBuffer call = call(1, there.number, number("statistics"), Frame.NOTHING);
                long said = 0;
                for (int full = 0; full < 100; said++) {
                    if (channel.write(call.rewind()) == 0) {
                        full++;
                        new InThreads().pause();
                    }
                }
                assertTrue(small.statistics().callsDone() < said, small.statistics() + " of " + said);
                assertEquals(1, small.statistics().processes());
            }
            new InThreads().until(() -> small.statistics().processes() == 0);
        }
    }

    // ---- limits, and the end ----

    @Test
    void oneObjectMoreThanAManagerMayShareIsRefused() {
        try (Manager small = Manager.open(ManagerOptions.DEFAULT.withMaxObjects(2))) {
            SharedEvent first = small.event();
            small.event();
            assertThrows(IllegalStateException.class, small::event);
            small.remove(first);
            small.event();
        }
        assertThrows(IllegalArgumentException.class, () -> ManagerOptions.DEFAULT.withMaxObjects(0));
        assertThrows(IllegalArgumentException.class, () -> manager.queue(0));
    }

    @Test
    void socketGoesWithTheManager() {
        Manager other = Manager.open();
        Path socket = Path.of(Objects.requireNonNull(RemoteReference.behind(other.event())).address);
        assertTrue(Files.exists(socket));
        other.close();
        assertFalse(Files.exists(socket));
        assertFalse(Files.exists(socket.getParent()));
        other.close();
    }

    @Test
    @org.junit.jupiter.api.Tag("full")
    void socketGoesWithTheProcess() throws Exception {
        Path socket;
        try (InChildren children = new InChildren(1)) {
            socket = children.call(() -> Path
                    .of(Objects.requireNonNull(RemoteReference.behind(Manager.open().event())).address));
            assertTrue(Files.exists(socket));
            children.pool().close();
        }
        assertFalse(Files.exists(socket));
    }

    @Test
    void connectionThatIsLostEndsItsCalls() throws Exception {
        SharedQueue<SharedQueue<String>> introduction = manager.queue(1);
        try (InChildren children = new InChildren(1)) {
            var child = children.start(() -> {
                Manager own = Manager.open();
                introduction.put(own.queue(1));
                Thread.sleep(60_000);
                return true;
            });
            SharedQueue<String> theirs = introduction.take();
            var waiting = new InThreads().start(() -> theirs.take());
            new InThreads().until(() -> theirs.statistics().waitingTakers() == 1);
            children.pool().terminate();
            assertThrows(ClosedException.class, waiting::get);
            assertThrows(ClosedException.class, theirs::isClosed);
            assertThrows(Exception.class, child::get);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, Frame.FULL_HEAD_BYTES, Frame.FULL_HEAD_BYTES + 10})
    void managerThatEndsInsideAnAnswerHasEnded(int come, @TempDir Path directory) throws IOException {
        var address = UnixDomainSocketAddress.of(directory.resolve("socket"));
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            var client = ManagerClient.open(address.toString(), reference.secret, getClass().getClassLoader());
            try (SocketChannel there = listener.accept()) {
                read(in(there));
                say(there, begin(MessageKind.SETUP.ordinal(), 0, 50, 50).limit(come).position(0));
            }
            for (int i = 0; i < 2; i++) {
                var ended = assertThrows(ClosedException.class, client::codec);
                assertTrue(ended.getMessage().endsWith("is closed, or its process has ended"), ended.getMessage());
            }
        }
    }
}
