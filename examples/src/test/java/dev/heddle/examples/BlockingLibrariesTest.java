package dev.heddle.examples;

import static dev.heddle.Heddle.offload;
import static dev.heddle.Heddle.run;
import static dev.heddle.Heddle.spawn;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Task;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.h2.tools.Server;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Blocking libraries as they are. Either a wait in them lets the other tasks of the loop run, proved by another task
 * that ends the wait; or it holds the loop, proved by another task that does not run meanwhile, and then {@code
 * offload} helps. The table in the guide's chapter on blocking code says the same.
 */
final class BlockingLibrariesTest {

    /** Long enough for another task of the loop to run, if it could. */
    private static final long A_MOMENT_MILLIS = 30;

    private static final Config CONFIG = Config.DEFAULT.withSignals(false).withBlockedAfter(Duration.ZERO);

    @TempDir
    Path directory;

    /** The body waits for what only the other task does; if it held the loop, neither would ever end. */
    private static void assertLetsOthersRun(Action body, Action endsTheWait) {
        run(CONFIG, () -> {
            Task<Void> other = spawn(endsTheWait);
            body.run();
            other.join();
        });
    }

    /** The body waits for what a thread outside does; meanwhile no other task runs. Offloaded, it lets them. */
    private static void assertHoldsTheLoop(Action body, Action endsTheWait) {
        run(CONFIG, () -> {
            Task<Void> other = spawn(() -> {});
            Thread outside = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(A_MOMENT_MILLIS);
                    endsTheWait.run();
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            body.run();
            assertFalse(other.isDone(), "another task ran meanwhile: this needs no offload");
            outside.join();
        });
        assertLetsOthersRun(() -> offload(body), () -> offload(endsTheWait));
    }

    // ---- the JDK's own waits ----

    @Test
    void locksQueuesAndFuturesLetOthersRun() {
        Object monitor = new Object();
        boolean[] told = new boolean[1];
        assertLetsOthersRun(() -> {
            synchronized (monitor) {
                while (!told[0]) {
                    monitor.wait();
                }
            }
        }, () -> {
            synchronized (monitor) {
                told[0] = true;
                monitor.notifyAll();
            }
        });
        LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
        assertLetsOthersRun(() -> assertEquals("a", queue.take()), () -> queue.put("a"));
        CompletableFuture<String> future = new CompletableFuture<>();
        assertLetsOthersRun(() -> assertEquals("b", future.get()), () -> future.complete("b"));
        CountDownLatch latch = new CountDownLatch(1);
        assertLetsOthersRun(() -> {
            while (latch.getCount() > 0) {
                Thread.sleep(1);
            }
        }, latch::countDown);
    }

    @Test
    void pipesBetweenTasksLetOthersRun() throws IOException {
        PipedInputStream in = new PipedInputStream();
        PipedOutputStream out = new PipedOutputStream(in);
        assertLetsOthersRun(() -> assertEquals("a line", new Scanner(in, UTF_8).nextLine()), () -> {
            out.write("a line\n".getBytes(UTF_8));
            out.flush();
        });
    }

    // ---- HTTP ----

    @Test
    void httpClientsOfTheJdkLetOthersRun() throws IOException {
        CountDownLatch first = new CountDownLatch(1);
        CountDownLatch second = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newCachedThreadPool();
                HttpClient client = HttpClient.newHttpClient()) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                try {
                    (exchange.getRequestURI().getPath().equals("/first") ? first : second).await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write("ok".getBytes(UTF_8));
                exchange.close();
            });
            server.start();
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            assertLetsOthersRun(() -> {
                HttpURLConnection connection = (HttpURLConnection) uri.resolve("/first").toURL().openConnection();
                assertEquals("ok", new String(connection.getInputStream().readAllBytes(), UTF_8));
            }, first::countDown);
            assertLetsOthersRun(() -> {
                HttpRequest request = HttpRequest.newBuilder(uri.resolve("/second")).build();
                assertEquals("ok", client.send(request, BodyHandlers.ofString()).body());
            }, second::countDown);
        } finally {
            server.stop(0);
        }
    }

    // ---- JDBC ----

    @Test
    void jdbcInMemoryLetsOthersRunWhileAStatementWaits() throws SQLException {
        assertRowLockLetsOthersRun("jdbc:h2:mem:rows");
    }

    @Test
    void jdbcOnAFileLetsOthersRunWhileAStatementWaits() throws SQLException {
        assertRowLockLetsOthersRun("jdbc:h2:file:" + directory.resolve("rows").toAbsolutePath());
    }

    @Test
    void jdbcOverTheNetworkLetsOthersRunWhileAStatementWaits() throws SQLException {
        Server server = Server
                .createTcpServer("-tcpPort", "0", "-ifNotExists", "-baseDir", directory.toString())
                .start();
        try {
            assertRowLockLetsOthersRun("jdbc:h2:tcp://127.0.0.1:" + server.getPort() + "/./rows");
        } finally {
            server.stop();
        }
    }

    /** One task holds a row, another waits for it; the driver knows nothing of Heddle. */
    private static void assertRowLockLetsOthersRun(String url) throws SQLException {
        String patient = url + ";LOCK_TIMEOUT=20000";
        try (Connection holder = DriverManager.getConnection(patient);
                Connection waiter = DriverManager.getConnection(patient)) {
            update(holder, "create table account(id int primary key, amount int)");
            update(holder, "insert into account values (1, 10)");
            holder.setAutoCommit(false);
            update(holder, "update account set amount = amount + 1 where id = 1");
            assertLetsOthersRun(
                    () -> update(waiter, "update account set amount = amount * 2 where id = 1"),
                    holder::commit);
            try (ResultSet row = holder.createStatement().executeQuery("select amount from account")) {
                assertTrue(row.next());
                assertEquals(22, row.getInt(1));
            }
        }
    }

    private static void update(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    // ---- processes ----

    @Test
    void waitingForAProcessLetsOthersRun() throws IOException {
        Process cat = new ProcessBuilder("cat").start();
        assertLetsOthersRun(() -> assertEquals(0, cat.waitFor()), () -> cat.getOutputStream().close());
    }

    @Test
    void readingTheOutputOfAProcessHoldsTheLoop() throws IOException {
        Process cat = new ProcessBuilder("cat").start();
        try (var in = cat.inputReader(); var out = cat.outputWriter()) {
            assertHoldsTheLoop(() -> assertEquals("a line", in.readLine()), () -> {
                out.write("a line\n");
                out.flush();
            });
        }
    }

    // ---- files ----

    @Test
    void filesHoldTheLoop() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        Action write = () -> Files.writeString(fifo, "a line");
        assertHoldsTheLoop(() -> assertEquals("a line", Files.readString(fifo)), write);
        assertHoldsTheLoop(() -> {
            try (FileChannel channel = FileChannel.open(fifo)) {
                assertEquals(6, channel.read(ByteBuffer.allocate(100)));
            }
        }, write);
        assertHoldsTheLoop(() -> {
            try (Scanner scanner = new Scanner(fifo)) {
                assertEquals("a line", scanner.nextLine());
            }
        }, write);
    }
}
