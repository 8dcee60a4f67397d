package dev.heddle.net;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.engine.Engine;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * The cache of the names that one loop knows or is looking up.
 *
 * <p>Threads: tasks and callbacks of the loop; the look-ups themselves run on {@link LookupThreads}.
 */
final class DnsCache {

    /** By last use, so that the first entry is the one to forget. */
    private final Map<String, Lookup> lookups = new LinkedHashMap<>(16, 0.75f, true);

    private final Executor threads;

    DnsCache() {
        this(LookupThreads::execute);
    }

    /** With other threads, for tests. */
    DnsCache(Executor threads) {
        this.threads = threads;
    }

    List<InetAddress> resolve(String name) {
        Loop loop = Heddle.currentLoop();
        Lookup lookup = lookups.get(name);
        if (lookup == null || lookup.isStale(loop.nanoTime())) {
            lookup = start(name, loop);
        }
        return lookup.await();
    }

    private Lookup start(String name, Loop loop) {
        var lookup = new Lookup(name);
        lookups.put(name, lookup);
        forgetEldest();
        Engine engine = loop.engine();
        if (engine.isSimulated()) {
            loop.spawn(() -> run(engine, name).accept(lookup, loop.nanoTime()));
        } else {
            try {
                threads.execute(() -> {
                    Answer answer = run(engine, name);
                    tell(loop, () -> answer.accept(lookup, loop.nanoTime()));
                });
            } catch (Throwable e) {
                lookups.remove(name, lookup); // whoever waits for it already hears of it too
                lookup.fail(e, loop.nanoTime());
            }
        }
        return lookup;
    }

    private static void tell(Loop loop, Runnable news) {
        try {
            loop.callFromThread(news);
        } catch (IllegalStateException e) {
            // The loop has ended, so nobody waits for the answer any more.
        }
    }

    /** The outcome of one look-up on its way to the loop. */
    private interface Answer {
        void accept(Lookup lookup, long now);
    }

    private static Answer run(Engine engine, String name) {
        try {
            List<InetAddress> addresses = List.copyOf(engine.resolve(name));
            return addresses.isEmpty()
                    ? failure(new UnknownHostException(name + " has no address"))
                    : (lookup, now) -> lookup.succeed(addresses, now);
        } catch (CancelledException e) {
            throw e;
        } catch (Throwable e) {
            // Whatever it is, somebody waits for it.
            return failure(e);
        }
    }

    private static Answer failure(Throwable e) {
        return (lookup, now) -> lookup.fail(e, now);
    }

    /** Keeps the bound; what is under way stays, it is bounded by {@link LookupThreads}. */
    private void forgetEldest() {
        Iterator<Lookup> eldestFirst = lookups.values().iterator();
        while (lookups.size() > Dns.MAX_REMEMBERED && eldestFirst.hasNext()) {
            if (eldestFirst.next().isDone()) {
                eldestFirst.remove();
            }
        }
    }

    int size() {
        return lookups.size();
    }
}
