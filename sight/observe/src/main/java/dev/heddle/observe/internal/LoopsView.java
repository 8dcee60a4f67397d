package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.LoopStatistics;
import dev.heddle.Task;
import dev.heddle.internal.UserLine;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopSight;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The loops of this process: what each has to do, and whether it gets there. None is asked, so one that hangs is seen
 * as well: it is looked at twice, {@code over} milliseconds apart.
 */
final class LoopsView implements View {

    private static final int USUAL_MILLIS = 100;
    private static final int MAX_MILLIS = 10_000;

    /**
     * A loop at two moments.
     *
     * @param cpu the nanoseconds of the processor that its driver has used up to now; -1 if that is not known
     * @param busy the part of the time between the moments that its driver was on a processor; NaN if that is not known
     */
    record Look(LoopSight before, LoopSight now, long cpu, double busy) {

        /** Whether it has come around in between, or rests; also where nobody drives it, which is no loop that hangs. */
        boolean answers() {
            return now.asleep() || now.driver() == null || now.statistics().turns() != before.statistics().turns();
        }
    }

    /**
     * Looks at all loops twice.
     *
     * @param request says how far apart
     */
    static List<Look> look(ViewRequest request) throws IOException {
        long millis = request.number("over", 1, MAX_MILLIS, USUAL_MILLIS);
        List<Loop> loops = Kernel.get().loops();
        List<LoopSight> first = loops.stream().map(Kernel.get()::look).toList();
        long[] cpu = first.stream().mapToLong(BusyTime::of).toArray();
        long start = System.nanoTime();
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new InterruptedIOException();
        }
        List<Look> looks = new ArrayList<>();
        for (int i = 0; i < cpu.length; i++) {
            LoopSight now = Kernel.get().look(loops.get(i));
            long used = BusyTime.of(now);
            double busy = cpu[i] < 0 || used < cpu[i]
                    ? Double.NaN
                    : (double) (used - cpu[i]) / (System.nanoTime() - start);
            looks.add(new Look(first.get(i), now, used, Math.min(1, busy)));
        }
        return looks;
    }

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        for (Look look : look(request)) {
            write(look, out);
        }
    }

    private static void write(Look look, JsonLines out) throws IOException {
        LoopSight loop = look.now();
        LoopStatistics statistics = loop.statistics();
        out.begin("loop").put("loop", loop.name()).put("engine", loop.engine());
        out.put("tasks", statistics.aliveTasks()).put("ready", statistics.readyItems()).put("timers",
                statistics.timers());
        out.put("turns", statistics.turns()).put("ran", statistics.ran());
        if (look.cpu() >= 0) {
            out.put("cpu", look.cpu()).put("busy", look.busy());
        }
        out.put("asleep", loop.asleep()).put("answers", look.answers());
        Task<?> running = loop.running();
        if (running != null) {
            out.put("running", running.name()).put("task", running.id());
            if (!look.answers() && running == look.before().running()) {
                out.put("at", UserLine.in(List.of(running.stackTrace())).map(StackTraceElement::toString).orElse(null));
            }
        }
        out.end();
    }
}
