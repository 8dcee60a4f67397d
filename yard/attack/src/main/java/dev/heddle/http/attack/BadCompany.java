package dev.heddle.http.attack;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.TaskGroup;
import dev.heddle.http.WorstHandlers;
import dev.heddle.http.client.HttpClient;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Tcp;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The clients of a service's {@linkplain WorstHandlers worst handlers}, and silent ones; on a thread and a loop of its own. */
final class BadCompany implements AutoCloseable {

    /** A silent client stays until it is cut off, but no longer than this. */
    private static final Duration SILENCE = Duration.ofMinutes(2);

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int FOREVER_MILLIS = 1_000_000_000;
    private static final String[] PATHS = {"/swallow/5000", "/spin", "/leak", "/throw"};
    private static final String HALF_HEAD = "GET / HTTP/1.1\r\nHost: a\r\nX-Half";
    private static final String HALF_BODY = "POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\nhalf";
    private static final String UNREAD = "GET /file HTTP/1.1\r\nHost: a\r\n\r\n";

    private final int port;
    private final int badRate;
    private final int silentRate;
    private final CountDownLatch over = new CountDownLatch(1);
    private final HttpClient kept = HttpClient.create();
    private final Thread thread;
    private volatile int silent;
    private volatile long cutOff;

    /** Both rates are a second's. */
    BadCompany(int port, int badRate, int silentRate) {
        this.port = port;
        this.badRate = badRate;
        this.silentRate = silentRate;
        thread = Thread.ofPlatform().name("bad company").unstarted(() -> Heddle.run(this::run));
    }

    void start() {
        thread.start();
    }

    private void run() {
        Heddle.group(group -> {
            group.spawn("bad requests", () -> pace(group, badRate, this::ask));
            group.spawn("silent clients", () -> pace(group, silentRate, this::beSilent));
            Heddle.offload(() -> {
                over.await();
            });
            group.cancel("the time is over");
        });
    }

    private interface Nth {
        void run(long n);
    }

    private static void pace(TaskGroup group, int rate, Nth one) {
        for (long n = 0;; n++) {
            long each = n;
            group.spawn("bad client", () -> one.run(each));
            Heddle.sleep(Duration.ofNanos(1_000_000_000L / rate));
        }
    }

    /** One bad request; of those that swallow their cancel a few do so for ever. */
    private void ask(long n) {
        boolean forEver = n % 400 == 0;
        String path = forEver ? "/swallow/" + FOREVER_MILLIS : PATHS[(int) (n % PATHS.length)];
        try {
            Heddle.moveOnAfter(PATIENCE, () -> {
                kept.get("http://127.0.0.1:" + port + path).text();
            });
        } catch (HeddleException expected) {
            // Cut off, or refused.
        }
    }

    /** A client that sends half a head, half a body, or reads nothing, and says no more. */
    private void beSilent(long n) {
        try (ByteStream stream = Tcp.connect("127.0.0.1", port)) {
            silent++;
            stream.write(n % 5 < 2 ? HALF_HEAD : n % 5 < 4 ? HALF_BODY : UNREAD);
            if (n % 5 < 4) {
                Heddle.moveOnAfter(SILENCE, () -> stream.readAll(1 << 20)).ifPresent(end -> cutOff++);
            } else {
                Heddle.sleep(SILENCE);
            }
        } catch (BrokenException | ClosedException end) {
            cutOff++;
        } finally {
            silent--;
        }
    }

    /** How many silent clients there are now. */
    int silent() {
        return silent;
    }

    /** How many of those that read were cut off. */
    long cutOff() {
        return cutOff;
    }

    @Override
    public void close() throws InterruptedException {
        over.countDown();
        thread.join();
        kept.close();
    }
}
