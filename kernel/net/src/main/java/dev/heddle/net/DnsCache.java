package dev.heddle.net;

import dev.heddle.CancelledException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.engine.Engine;
import dev.heddle.internal.sight.Kernel;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.ObjLongConsumer;

/**
 * The cache of the names that one loop knows or is looking up.
 *
 * <p>Threads: tasks and callbacks of the loop; the look-ups themselves run on {@link LookupThreads}.
 */
final class DnsCache {

    private final Lookups<List<InetAddress>> lookups = new Lookups<>();

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
        Lookup<List<InetAddress>> lookup = lookups.get(name, loop.nanoTime());
        return (lookup == null ? start(name, loop) : lookup).await();
    }

    private Lookup<List<InetAddress>> start(String name, Loop loop) {
        Lookup<List<InetAddress>> lookup = lookups.begin(name);
        Engine engine = loop.engine();
        if (engine.isSimulated()) {
            Kernel.get().spawnService(loop, "look-up of " + name,
                    () -> run(engine, name).accept(lookup, loop.nanoTime()));
        } else {
            try {
                threads.execute(() -> {
                    var answer = run(engine, name);
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

    /** The outcome of one look-up, on its way to the loop. */
    private static ObjLongConsumer<Lookup<List<InetAddress>>> run(Engine engine, String name) {
        try {
            List<InetAddress> addresses = List.copyOf(engine.resolve(name));
            return addresses.isEmpty()
                    ? failure(new UnknownHostException(name + " has no address"))
                    : (lookup, now) -> lookup.succeed(addresses, now + Dns.KEEP_ANSWER.toNanos());
        } catch (CancelledException e) {
            throw e;
        } catch (Throwable e) {
            // Whatever it is, somebody waits for it.
            return failure(e);
        }
    }

    private static ObjLongConsumer<Lookup<List<InetAddress>>> failure(Throwable e) {
        return (lookup, now) -> lookup.fail(e, now + Dns.KEEP_FAILURE.toNanos());
    }

    int size() {
        return lookups.size();
    }
}
