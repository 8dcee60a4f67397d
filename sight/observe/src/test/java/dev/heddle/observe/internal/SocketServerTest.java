package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.internal.SystemUser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The socket of a process: what it answers, to whom, and what it does with who does not behave. */
final class SocketServerTest {

    private static final Duration SHORT = Duration.ofMillis(30);

    @TempDir
    Path temporary;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Loop loop;
    private Path socket;

    @BeforeEach
    void startLoop() {
        loop = Loop.start(Config.DEFAULT.withName("watched"));
    }

    @AfterEach
    void closeAll() throws Exception {
        loop.close();
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private void serve(Duration patience) throws IOException {
        serve(patience, user -> true);
    }

    private void serve(Duration patience, Predicate<UserPrincipal> mayAsk) throws IOException {
        serve(patience, mayAsk, Views::of);
    }

    private void serve(Duration patience, Predicate<UserPrincipal> mayAsk, SocketServer.Verbs verbs)
            throws IOException {
        SocketDirectory directory = SocketDirectory.claim(SystemUser.number(), Map.of(), temporary);
        ServerSocketChannel channel = directory.listen(1);
        socket = directory.socket(1);
        SocketServer server = new SocketServer(channel, verbs, mayAsk, patience);
        open.add(server);
        Thread.ofPlatform().daemon().start(server::run);
    }

    private SocketChannel connect() throws IOException {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
        open.add(channel);
        return channel;
    }

    private SocketChannel send(byte[] bytes) throws IOException {
        SocketChannel channel = connect();
        write(channel, bytes);
        return channel;
    }

    private static void write(SocketChannel channel, byte[] bytes) {
        try {
            channel.write(ByteBuffer.wrap(bytes));
        } catch (IOException e) {
            // Refused before it has said a word: the answer says why.
        }
    }

    private SocketChannel send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What comes until the end, which is a reset where the server has not read all that was sent. */
    private static List<String> rest(SocketChannel channel) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            Channels.newInputStream(channel).transferTo(bytes);
        } catch (IOException e) {
            // Then that was all.
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /** The first line, without reading on. */
    private static String line(SocketChannel channel) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder line = new StringBuilder();
        while (channel.read(one.clear()) > 0 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString();
    }

    private static String error(String message) {
        return "{\"kind\":\"error\",\"message\":\"" + message + "\"}";
    }

    @Test
    void requestIsAnsweredByLinesAndAnEnd() throws IOException {
        serve(Connection.PATIENCE);

        List<String> lines = rest(send("program over=1\n"));
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("{\"kind\":\"program\",\"pid\":" + ProcessHandle.current().pid() + ","));
        assertTrue(lines.get(0).contains("\"acts\":false"), lines.get(0));
        assertEquals("{\"kind\":\"end\"}", lines.get(1));
    }

    @Test
    void rubbishIsAnsweredByAnErrorLine() throws IOException {
        serve(Connection.PATIENCE);

        assertEquals(
                List.of(error("unknown verb dance; this process knows " + String.join(", ", Views.verbs()))),
                rest(send("dance\n")));
        assertEquals(List.of(error("a request begins with a verb, such as: tree")), rest(send("GET / HTTP/1.1\r\n")));
        assertEquals(List.of(error("a request begins with a verb, such as: tree")), rest(send("\n")));
        assertEquals(
                List.of(error("a request is a line of UTF-8")), rest(send(new byte[]{(byte) 0xC0, 1, 2, '\n'})));
        assertEquals(
                List.of(error("every is a number from 10 to 3600000")), rest(send("program every=1\n")));
    }

    @Test
    void requestThatIsTooLongIsRefusedAndNotReadOn() throws IOException {
        serve(Connection.PATIENCE);
        String longest = "dance a=" + "x".repeat(ViewRequest.MAX_BYTES - 9);

        assertTrue(rest(send(longest + "\n")).getFirst().contains("unknown verb dance"));
        List<String> refused = List.of(error("a request has at most 1024 bytes"));
        assertEquals(refused, rest(send(longest + "xx\n")));
        assertEquals(refused, rest(send("x".repeat(100_000))));
    }

    @Test
    void requestMayComeInPiecesAndEndWithTheStream() throws IOException {
        serve(Connection.PATIENCE);
        SocketChannel channel = connect();
        for (String piece : "dance".split("")) {
            channel.write(ByteBuffer.wrap(piece.getBytes(StandardCharsets.UTF_8)));
        }
        channel.shutdownOutput();

        assertTrue(rest(channel).getFirst().contains("unknown verb dance"));
    }

    @Test
    void peerThatSendsNothingIsTold() throws IOException {
        serve(SHORT);

        assertEquals(List.of(error("no request came within 30 ms")), rest(connect()));
        assertEquals(List.of(error("no request came within 30 ms")), rest(send("prog")));
    }

    @Test
    @Tag("full")
    void peerThatDoesNotReadIsClosedAndItsPlaceIsFree() throws Exception {
        CountDownLatch closed = new CountDownLatch(SocketServer.MAX_CLIENTS);
        serve(SHORT, user -> true, verb -> verb.equals("flood") ? new Flood(closed) : Views.of(verb));
        List<SocketChannel> stalled = new ArrayList<>();
        for (int i = 0; i < SocketServer.MAX_CLIENTS; i++) {
            stalled.add(send("flood\n"));
        }
        closed.await();

        awaitPlace();
        assertFalse(rest(stalled.getFirst()).contains("{\"kind\":\"end\"}"));
    }

    /** A view without an end. */
    private record Flood(CountDownLatch closed) implements View {

        @Override
        public void write(ViewRequest request, JsonLines out) throws IOException {
            while (true) {
                out.begin("drop").put("water", "x".repeat(900)).end();
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }

    /** A place is given back at the very end of a connection. */
    private void awaitPlace() throws IOException {
        String answer = "";
        while (!answer.contains("program\"")) {
            answer = rest(send("program over=1\n")).getFirst();
        }
    }

    @Test
    void oneTooManyIsToldSo() throws IOException {
        serve(Connection.PATIENCE);
        List<SocketChannel> watching = new ArrayList<>();
        for (int i = 0; i < SocketServer.MAX_CLIENTS; i++) {
            watching.add(send("loops every=1000 over=1\n"));
            line(watching.get(i));
        }
        assertEquals(List.of(error("16 others ask this process already")), rest(send("program over=1\n")));

        watching.getFirst().close();
        awaitPlace();
    }

    @Test
    @Tag("full")
    void thousandPeersAtOnceAreEachAnsweredOrToldToWait() throws Exception {
        serve(Connection.PATIENCE);
        List<Thread> asking = new ArrayList<>();
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 1_000; i++) {
            asking.add(Thread.ofVirtual().start(() -> {
                try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
                    write(channel, "dance\n".getBytes(StandardCharsets.UTF_8));
                    answers.add(rest(channel).getFirst());
                } catch (IOException e) {
                    answers.add(e.toString());
                }
            }));
        }
        for (Thread each : asking) {
            each.join();
        }
        assertEquals(1_000, answers.size());
        for (String answer : answers) {
            assertTrue(answer.contains("unknown verb dance") || answer.contains("16 others ask"), answer);
        }
    }

    @Test
    void anotherUserIsRefusedAndLoggedOnce() throws Exception {
        List<String> log = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                log.add(entry.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.heddle.observe");
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
        try {
            serve(Connection.PATIENCE, user -> false);
            for (int i = 0; i < 3; i++) {
                assertEquals(List.of(error("this process is another user's")), rest(send("program\n")));
            }
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }
        String user = System.getProperty("user.name");
        assertEquals(List.of("user " + user + " was refused to look into this process, which is not theirs"), log);
    }

    @Test
    void userIsTheOneThatTheSystemTells() throws IOException {
        List<UserPrincipal> users = new ArrayList<>();
        serve(Connection.PATIENCE, users::add);
        rest(send("program over=1\n"));

        assertEquals(Files.getOwner(socket.getParent()), users.getFirst());
    }

    @Test
    void watchedAnswerComesAgainUntilThePeerHangsUp() throws IOException {
        serve(Connection.PATIENCE);
        SocketChannel channel = send("loops every=10 over=1\n");

        for (int i = 0; i < 3; i++) {
            assertTrue(line(channel).startsWith("{\"kind\":\"loop\",\"loop\":\"watched\","));
            assertEquals("{\"kind\":\"round\"}", line(channel));
        }
        channel.shutdownOutput();
        List<String> rest = rest(channel);
        assertEquals("{\"kind\":\"end\"}", rest.getLast());
    }

    @Test
    void answersComeWhileEveryLoopHangs() throws Exception {
        serve(Connection.PATIENCE);
        CountDownLatch held = new CountDownLatch(1);
        boolean[] go = new boolean[1];
        loop.spawn(() -> {
            held.countDown();
            while (!isOver(go)) {
                Thread.onSpinWait();
            }
        });
        held.await();
        try {
            String line = rest(send("loops over=20\n")).getFirst();
            assertTrue(line.contains("\"answers\":false,\"running\":\"task-1\",\"task\":1"), line);
            assertTrue(rest(send("program over=20\n")).getFirst().contains("\"hanging\":1"));
        } finally {
            synchronized (go) {
                go[0] = true;
            }
        }
    }

    private static boolean isOver(boolean[] go) {
        synchronized (go) {
            return go[0];
        }
    }
}
