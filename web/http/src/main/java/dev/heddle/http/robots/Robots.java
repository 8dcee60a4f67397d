package dev.heddle.http.robots;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.client.Reply;
import dev.heddle.http.internal.codec.ClientUrl;
import dev.heddle.http.internal.codec.ClientUrl.Origin;
import dev.heddle.internal.sight.Kernel;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The rules of what sites allow a crawler: their robots.txt, fetched when it is needed (RFC 9309).
 *
 * <pre>{@code
 * var robots = Robots.of(http);
 * if (robots.allows("my-crawler", url)) {
 *     index(http.get(url).text());
 * }
 * }</pre>
 *
 * <p>A site is a scheme, host and port. Its file is kept for a day. A site that answers 400 to 499 has no rules, and
 * all is allowed; one that answers 500 or more, or cannot be reached or read, allows nothing, and is asked again after
 * a minute; meanwhile a file that it gave earlier goes on counting. Redirects are followed as the client does. {@link
 * RobotsRules} says how rules are read.
 *
 * <p>However many ask about a site, there is one fetch at a time, which takes half a minute at most. Kept are {@value
 * #MAX_SITES} sites at most, and {@value #MAX_KEPT_BYTES} bytes of their files; beyond that, those that were not asked
 * about for the longest time go.
 *
 * <p>Threads: tasks of all loops. Cancellation: a cancelled call leaves the fetch to the others. To test with it, serve
 * a robots.txt in the same loop.
 */
public final class Robots {

    private static final System.Logger LOG = System.getLogger("dev.heddle.http");

    /** Most sites. */
    public static final int MAX_SITES = 1_000;

    /** Most bytes of files, as they were sent. */
    public static final int MAX_KEPT_BYTES = 64 * 1024 * 1024;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PIECE = 16 * 1024;

    private static final long FRESH_NANOS = TimeUnit.DAYS.toNanos(1);
    private static final long AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

    /**
     * What a site has said.
     *
     * @param bytes of its file
     * @param untilNanos when it is asked again
     * @param isSaid whether the site has said it; else it could not be reached
     */
    private record Kept(RobotsRules rules, int bytes, long untilNanos, boolean isSaid) {}

    /** One site; guarded by the lock. */
    private static final class Site {

        private @Nullable Kept kept;
        private @Nullable Promise<Optional<RobotsRules>> running;
    }

    private final HttpClient http;
    private final ReentrantLock lock = new ReentrantLock();

    // ---- guarded by the lock ----

    /** The one that was not asked about for the longest time is the first. */
    private final LinkedHashMap<Origin, Site> sites = new LinkedHashMap<>(16, 0.75f, true);

    private long keptBytes;

    private Robots(HttpClient http) {
        this.http = http;
    }

    /**
     * Nothing known yet.
     *
     * @param http fetches the files; stays the caller's to close
     */
    public static Robots of(HttpClient http) {
        return new Robots(Objects.requireNonNull(http, "http"));
    }

    /**
     * Whether a crawler may ask for a URL. Waits for the site's rules if they are not known.
     *
     * @param userAgent the crawler's name, as {@link RobotsRules#allows} takes it
     * @param url http or https
     * @throws IllegalArgumentException if the name or the URL is not valid
     * @throws CancelledException if the enclosing scope is cancelled while waiting
     */
    public boolean allows(String userAgent, URI url) {
        String name = RobotsRules.name(userAgent);
        ClientUrl asked = ClientUrl.parse(url.toString());
        return rules(asked.origin()).allows(name, asked.target());
    }

    private RobotsRules rules(Origin origin) {
        while (true) {
            Loop loop = Heddle.currentLoop();
            Site site;
            Promise<Optional<RobotsRules>> fetch;
            boolean begins = false;
            lock.lock();
            try {
                site = sites.computeIfAbsent(origin, _ -> new Site());
                Kept kept = site.kept;
                if (kept != null && loop.nanoTime() - kept.untilNanos() < 0) {
                    return kept.rules();
                }
                fetch = site.running;
                if (fetch == null) {
                    fetch = new Promise<>();
                    site.running = fetch;
                    begins = true;
                }
            } finally {
                lock.unlock();
            }
            if (begins) {
                begin(loop, origin, site, fetch);
            }
            Optional<RobotsRules> rules = fetch.join();
            if (rules.isPresent()) {
                return rules.get();
            }
            // The loop that fetched has ended: this one fetches itself.
        }
    }

    private void begin(Loop loop, Origin origin, Site site, Promise<Optional<RobotsRules>> fetch) {
        try {
            // The loop's, not the caller's: others wait for it too, and the caller may leave.
            Task<Void> task = Kernel.get().spawnService(loop, "fetch robots.txt", () -> fetch(origin, site, fetch));
            var _ = task.onDone(_ -> end(site, fetch, null));
        } catch (RuntimeException e) {
            end(site, fetch, null);
            throw e;
        }
    }

    private void fetch(Origin origin, Site site, Promise<Optional<RobotsRules>> fetch) {
        Kept got = null;
        try {
            got = fetched(origin);
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "robots.txt of " + origin + " cannot be fetched", e);
        }
        end(site, fetch, got == null ? unreachable() : got);
    }

    /** The first end of a fetch counts. */
    private void end(Site site, Promise<Optional<RobotsRules>> fetch, @Nullable Kept got) {
        Optional<RobotsRules> rules = Optional.empty();
        lock.lock();
        try {
            if (site.running != fetch) {
                return;
            }
            site.running = null;
            if (got != null) {
                Kept before = site.kept;
                Kept next = got.isSaid() || before == null || !before.isSaid()
                        ? got
                        : new Kept(before.rules(), before.bytes(), got.untilNanos(), true);
                keptBytes += next.bytes() - (before == null ? 0 : before.bytes());
                site.kept = next;
                rules = Optional.of(next.rules());
                dropEldest();
            }
        } finally {
            lock.unlock();
        }
        boolean _ = fetch.tryComplete(rules);
    }

    /** Keeps to the bounds. A site whose rules are on their way stays: as many as calls wait. */
    private void dropEldest() {
        Iterator<Site> eldest = sites.values().iterator();
        while ((sites.size() > MAX_SITES || keptBytes > MAX_KEPT_BYTES) && eldest.hasNext()) {
            Site site = eldest.next();
            if (site.running == null) {
                keptBytes -= site.kept == null ? 0 : site.kept.bytes();
                eldest.remove();
            }
        }
    }

    private @Nullable Kept fetched(Origin origin) {
        try (Reply reply = http.request("GET", origin + "/robots.txt").timeout(TIMEOUT).send()) {
            int status = reply.status();
            if (status >= 400 && status < 500) {
                return new Kept(RobotsRules.ALL_ALLOWED, 0, after(FRESH_NANOS), true);
            }
            if (!reply.isSuccess()) {
                return null;
            }
            byte[] file = file(reply);
            return new Kept(RobotsRules.parse(file), file.length, after(FRESH_NANOS), true);
        }
    }

    /** The file, and one byte more than counts if it is longer. */
    private static byte[] file(Reply reply) {
        byte[] file = new byte[PIECE];
        int count = 0;
        while (count <= RobotsRules.MAX_BYTES) {
            if (count == file.length) {
                file = Arrays.copyOf(file, Math.min(2 * count, RobotsRules.MAX_BYTES + 1));
            }
            int taken = reply.read(file, count, file.length - count);
            if (taken < 0) {
                break;
            }
            count += taken;
        }
        return Arrays.copyOf(file, count);
    }

    private static Kept unreachable() {
        return new Kept(RobotsRules.NONE_ALLOWED, 0, after(AGAIN_NANOS), false);
    }

    private static long after(long nanos) {
        return Heddle.currentLoop().nanoTime() + nanos;
    }

    /** How many sites; not which, since that tells where someone is. */
    @Override
    public String toString() {
        lock.lock();
        try {
            return "Robots[" + sites.size() + " sites]";
        } finally {
            lock.unlock();
        }
    }
}
