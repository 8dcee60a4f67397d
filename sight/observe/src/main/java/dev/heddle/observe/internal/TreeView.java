package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.LoopSight;
import dev.heddle.internal.sight.TaskSight;
import dev.heddle.internal.sight.TaskWalk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The tasks of all loops, owners before what they own: {@code tree name=fetch* depth=2 max=100 loop=main lines=1}. Each
 * line goes out as soon as it is made, so the number of tasks does not matter.
 *
 * <p>{@code name} picks tasks by a pattern with {@code *} and {@code ?}, or by a part of their names; those that own
 * them are told too, as {@code "path":true}. {@code state} picks them by their state; {@code cancelled} are those that
 * were told to end and have not yet. What {@code depth} and {@code max} leave out is counted in lines of the kind
 * {@code more}. A loop that answers no more in the midst has one of the kind {@code held}.
 */
final class TreeView implements View {

    private static final int MAX_DEPTH = 1_000;

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        var answer = new TreeAnswer(
                out,
                filter(request),
                (int) request.number("depth", 1, MAX_DEPTH, MAX_DEPTH),
                request.number("max", 1, Long.MAX_VALUE, Long.MAX_VALUE),
                request.flag("lines"));
        Optional<String> wanted = request.text("loop");
        for (Loop loop : Kernel.get().loops()) {
            if (wanted.isEmpty() || wanted.get().equals(loop.name())) {
                write(loop, answer, out);
            }
        }
    }

    private static void write(Loop loop, TreeAnswer answer, JsonLines out) throws IOException {
        LoopSight look = Kernel.get().look(loop);
        try (TaskWalk walk = Kernel.get().walk(loop)) {
            Optional<List<TaskSight>> slice = walk.next();
            out.begin("loop").put("loop", loop.name()).put("engine", look.engine());
            out.put("tasks", look.statistics().aliveTasks()).put("answers", slice.isPresent());
            if (slice.isEmpty()) {
                putHolder(look, out);
            }
            out.end();
            answer.begin(loop);
            boolean answered = slice.isPresent();
            while (slice.isPresent() && !slice.get().isEmpty() && answer.wantsMore()) {
                for (TaskSight seen : slice.get()) {
                    answer.add(seen);
                }
                slice = answer.wantsMore() ? walk.next() : slice;
            }
            answer.end();
            if (answered && slice.isEmpty()) {
                out.begin("held").put("loop", loop.name());
                putHolder(Kernel.get().look(loop), out);
                out.end();
            }
        }
    }

    /** What keeps a loop from answering. */
    private static void putHolder(LoopSight look, JsonLines out) {
        Task<?> running = look.running();
        if (running != null) {
            out.put("running", running.name()).put("task", running.id());
            out.put("at", TaskLines.at(running));
        }
    }

    private static Predicate<TaskSight> filter(ViewRequest request) throws BadRequestException {
        Optional<String> state = request.text("state");
        Optional<NamePattern> name = request.text("name").map(NamePattern::new);
        if (state.isEmpty() && name.isEmpty()) {
            return any -> true;
        }
        return seen -> (name.isEmpty() || name.get().matches(seen.task().name()))
                && (state.isEmpty() || isIn(state.get(), seen));
    }

    private static boolean isIn(String state, TaskSight seen) {
        return state.equals("cancelled")
                ? seen.cancelReason() != null
                : state.equals(Kernel.get().state(seen));
    }
}
