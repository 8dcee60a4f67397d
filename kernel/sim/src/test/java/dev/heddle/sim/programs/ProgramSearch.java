package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A search through the random programs of many seeds, on all cores. */
final class ProgramSearch {

    /** How often each program runs. */
    static final int RUNS = 4;

    /** How many programs share a simulation, which takes longer to begin and to end than a program to run. */
    private static final int BLOCK = 25;

    /** In how many simulations of its own a program is looked for that broke a rule in a block. */
    private static final int ALONE = 50;

    private final LongFunction<Program> writer;
    private final AtomicLong next;
    private final long end;
    private final AtomicReference<ProgramRun.@Nullable Finding> found = new AtomicReference<>();
    private final AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    private final AtomicLong took = new AtomicLong();
    private final Tally tally = new Tally();

    private ProgramSearch(LongFunction<Program> writer, long from, long count) {
        this.writer = writer;
        next = new AtomicLong(from);
        end = from + count;
    }

    /**
     * Runs the programs of seeds until one breaks a rule.
     *
     * @param tally has the counts afterwards
     * @param threads at least 1; with 1 the first finding is that of the lowest seed
     * @return the finding; null if there is none
     * @throws IllegalStateException if the search itself fails
     */
    static ProgramRun.@Nullable Finding search(long from, long count, int threads, Tally tally)
            throws InterruptedException {
        return search(ProgramWriter::write, from, count, threads, tally);
    }

    /** Searches as {@link #search(long, long, int, Tally)} does, through the programs that a writer gives for seeds. */
    static ProgramRun.@Nullable Finding search(
            LongFunction<Program> writer, long from, long count, int threads, Tally tally) throws InterruptedException {
        var search = new ProgramSearch(writer, from, count);
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            all.add(Thread.ofPlatform().name("search-" + i).start(search::goAndTell));
        }
        for (Thread each : all) {
            each.join();
        }
        Throwable failure = search.failed.get();
        if (failure != null) {
            throw new IllegalStateException("the search has failed", failure);
        }
        tally.add(search.tally);
        return search.found.get();
    }

    private void goAndTell() {
        try {
            go();
        } catch (Throwable e) {
            failed.compareAndSet(null, e);
        }
    }

    private boolean goesOn() {
        return found.get() == null && failed.get() == null;
    }

    private void go() {
        var mine = new Tally();
        for (long seed = next.getAndAdd(BLOCK); seed < end && goesOn(); seed = next.getAndAdd(BLOCK)) {
            List<Program> programs = LongStream.range(seed, Math.min(end, seed + BLOCK))
                    .mapToObj(writer)
                    .toList();
            ProgramRun.Finding finding = ProgramRun.of(programs, seed, RUNS, mine);
            if (finding != null && found.compareAndSet(null, alone(finding, programs))) {
                took.set(seed + programs.indexOf(finding.program()));
            }
        }
        synchronized (tally) {
            tally.add(mine);
        }
    }

    /** The finding of a block in a simulation that only its program is in, or another of the block; else as it is. */
    private static ProgramRun.Finding alone(ProgramRun.Finding inBlock, List<Program> programs) {
        List<Program> suspects = new ArrayList<>(programs);
        suspects.remove(inBlock.program());
        suspects.addFirst(inBlock.program());
        for (Program each : suspects) {
            for (int seed = 1; seed <= ALONE; seed++) {
                ProgramRun.Finding finding = ProgramRun.of(each, seed, 2 * RUNS, new Tally());
                if (finding != null) {
                    return finding;
                }
            }
        }
        return inBlock;
    }

    /**
     * Looks for a finding and makes it small; for {@link ProgramBugs}, in words that every class loader knows.
     *
     * @return how many programs it took, and the smallest program with what went wrong; empty if there was none
     */
    static String[] hunt(long most) {
        var search = new ProgramSearch(ProgramWriter::write, 1, most);
        search.go();
        ProgramRun.Finding finding = search.found.get();
        return finding == null
                ? new String[0]
                : new String[]{Long.toString(search.took.get()), Shrinker.shrink(finding).toString()};
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
