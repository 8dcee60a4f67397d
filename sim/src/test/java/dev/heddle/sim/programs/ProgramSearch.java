package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A search through the random programs of many seeds, on all cores. */
final class ProgramSearch {

    /** How often each program runs. */
    static final int RUNS = 4;

    private final AtomicLong next;
    private final long end;
    private final AtomicReference<ProgramRun.@Nullable Finding> found = new AtomicReference<>();
    private final Tally tally = new Tally();

    private ProgramSearch(long from, long count) {
        next = new AtomicLong(from);
        end = from + count;
    }

    /**
     * Runs the programs of seeds until one breaks a rule.
     *
     * @param tally has the counts afterwards
     * @param threads at least 1; with 1 the first finding is that of the lowest seed
     * @return the finding; null if there is none
     */
    static ProgramRun.@Nullable Finding search(long from, long count, int threads, Tally tally)
            throws InterruptedException {
        var search = new ProgramSearch(from, count);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().name("search-" + i).start(search::go));
        }
        for (Thread each : all) {
            each.join();
        }
        tally.add(search.tally);
        return search.found.get();
    }

    private void go() {
        var mine = new Tally();
        for (long seed = next.getAndIncrement(); seed < end && found.get() == null; seed = next.getAndIncrement()) {
            ProgramRun.Finding finding = ProgramRun.of(ProgramWriter.write(seed), seed, RUNS, mine);
            if (finding != null) {
                found.compareAndSet(null, finding);
            }
        }
        synchronized (tally) {
            tally.add(mine);
        }
    }

    /**
     * Looks for a finding and makes it small; for {@link PlantedBug}, in words that every class loader knows.
     *
     * @return how many programs it took, and the smallest program with what went wrong; empty if there was none
     */
    static String[] hunt(long most) throws InterruptedException {
        ProgramRun.Finding finding = search(1, most, 1, new Tally());
        return finding == null
                ? new String[0]
                : new String[]{Long.toString(finding.seed()), Shrinker.shrink(finding).toString()};
    }

    /**
     * Arguments: how many programs, and the seed of the first. Prints the counts as the tables of {@code
     * docs/reports/random-programs.md}, or the smallest program that breaks a rule.
     */
    public static void main(String[] arguments) throws InterruptedException {
        long count = Long.parseLong(arguments[0]);
        long from = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        var tally = new Tally();
        long start = System.nanoTime();
        ProgramRun.Finding finding = search(from, count, Runtime.getRuntime().availableProcessors(), tally);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (finding != null) {
            System.out.println(finding + "\nmade small:\n\n" + Shrinker.shrink(finding));
            System.exit(1);
        }
        System.out.printf("%,d programs, %d runs each, %.0f s, %,.0f programs a second%n%n", count, RUNS, seconds,
                count / seconds);
        System.out.print(tally);
    }
}
