package dev.heddle.observe.internal;

import dev.heddle.WaitReport;
import dev.heddle.internal.UserLine;
import dev.heddle.internal.sight.Kernel;
import dev.heddle.internal.sight.Waits;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The graph of who waits for what and who could end that: {@code waits max=100 all=1 stacks=1}, or {@code waits
 * nodes=31,77} for that of some threads and of those that wait for them.
 *
 * <p>Each {@code wait} is a node with a number, and names those who hold what it waits for ({@code holders}), or were
 * the last to do what would end the wait ({@code likely}), by their numbers. Who is named and does not wait has a line
 * of the kind {@code holder}. Loops that do not answer have one of the kind {@code starved}, and {@code summary} counts
 * what is not listed. A wait is {@code orphaned} if all who are known to have been able to end it have ended.
 */
final class WaitsView implements View {

    private static final int USUAL_MAX = 1_000;
    private static final int MAX = 100_000;

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        boolean stacks = request.flag("stacks");
        int most = (int) request.number("max", 1, MAX, USUAL_MAX);
        Optional<String> nodes = request.text("nodes");
        Waits waits = nodes.isPresent()
                ? Kernel.get().waits(numbers(nodes.get()))
                : Kernel.get().waits(most, request.flag("all"));
        Set<Long> ended = new HashSet<>();
        waits.others().stream().filter(Waits.Other::hasEnded).forEach(other -> ended.add(other.node()));
        for (WaitReport.StarvedLoop starved : waits.starved()) {
            out.begin("starved").put("loop", starved.loop()).put("heldBy", starved.heldBy());
            putStack(out, starved.stack(), stacks);
            out.end();
        }
        for (Waits.Wait wait : waits.waits()) {
            write(wait, ended, stacks, out);
        }
        for (Waits.Other other : waits.others()) {
            out.begin("holder").put("node", other.node()).put("who", other.who()).put("state", other.state());
            putTask(out, other.loop(), other.task());
            putStack(out, other.stack(), stacks);
            out.end();
        }
        out.begin("summary").put("plain", waits.plain()).put("leftOut", waits.leftOut()).end();
    }

    private static Set<Long> numbers(String list) throws BadRequestException {
        if (!list.matches("[0-9]{1,18}(,[0-9]{1,18})*")) {
            throw new BadRequestException("nodes are numbers with commas between them");
        }
        return Stream.of(list.split(",", -1)).map(Long::valueOf).collect(Collectors.toSet());
    }

    private static void write(Waits.Wait wait, Set<Long> ended, boolean stacks, JsonLines out) throws IOException {
        WaitReport.Wait words = wait.words();
        out.begin("wait").put("node", wait.node()).put("who", words.who());
        putTask(out, wait.loop(), wait.task());
        if (wait.cycle() > 0) {
            out.put("cycle", wait.cycle());
        }
        out.put("what", words.what()).put("whatKind", words.kind().name().toLowerCase(Locale.ROOT));
        putNodes(out, "holders", wait.holders());
        putNodes(out, "likely", wait.likely());
        if (wait.process() != 0) {
            out.put("pid", wait.process());
        }
        if (!words.waited().isZero()) {
            out.put("waited", words.waited().toMillis());
        }
        out.put("limited", words.limited());
        if (!wait.likely().isEmpty() && !words.limited() && ended.containsAll(wait.likely())) {
            out.put("orphaned", true);
        }
        putStack(out, words.stack(), stacks);
        if (!words.spawnedAt().isEmpty()) {
            out.put("spawned", words.spawnedAt());
        }
        out.end();
    }

    private static void putTask(JsonLines out, String loop, long task) {
        if (task != 0) {
            out.put("loop", loop).put("task", task);
        }
    }

    private static void putNodes(JsonLines out, String name, List<Long> nodes) {
        if (!nodes.isEmpty()) {
            out.beginList(name);
            nodes.forEach(out::item);
            out.endList();
        }
    }

    private static void putStack(JsonLines out, List<StackTraceElement> stack, boolean whole) {
        out.put("at", UserLine.orOursIn(stack).map(StackTraceElement::toString).orElse(null));
        if (whole) {
            out.beginList("stack");
            stack.forEach(frame -> out.item(frame.toString()));
            out.endList();
        }
    }
}
