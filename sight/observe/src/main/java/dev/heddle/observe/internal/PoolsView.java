package dev.heddle.observe.internal;

import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.PartDetail.Holder;
import dev.heddle.internal.sight.Parts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The queues, locks, limiters, pools, servers and clients of a program, with their statistics. Those that are nearest to
 * their limits come first, and of them those that most calls wait for.
 *
 * <p>Arguments: {@code max}, how many (1,000 unless told); {@code type}, which ones. Memory: what is told.
 *
 * <pre>{"kind":"part","id":7,"type":"queue","line":"App.main(App.java:12)","figures":{"capacity":10,...},"pressure":0.9,
 * "waiting":3,"oldest":12000,"holders":[{"who":"task cashier","held":42000,"at":"App.pay(App.java:40)"}]}</pre>
 *
 * {@code waiting} counts the calls or bodies that wait, {@code oldest} is for how many milliseconds the first has. The
 * holders are some of those who have it or a place in it, those for longest first; of one in another process its PID.
 * {@code acts} are what a person may do with it, see {@link ActView}.
 *
 * A part whose lock is held for long has {@code "answers":false} in place of figures. The last line, of kind {@code
 * parts}, says how many there are.
 */
final class PoolsView implements View {

    private static final int MAX = 100_000;

    /** The most urgent last. */
    private static final Comparator<Shown> URGENCY = Comparator.comparingDouble(Shown::pressure)
            .thenComparingLong(Shown::waiting)
            .thenComparing(Comparator.comparingLong(Shown::id).reversed());

    private final Duration patience;

    /** Which ones, if the request does not say; null for all. */
    private final @Nullable String type;

    PoolsView() {
        this(PartAnswer.PATIENCE);
    }

    /** Parts of one type. */
    PoolsView(String type) {
        this(PartAnswer.PATIENCE, type);
    }

    /** @param patience how long one that does not answer is waited for */
    PoolsView(Duration patience) {
        this(patience, null);
    }

    private PoolsView(Duration patience, @Nullable String type) {
        this.patience = patience;
        this.type = type;
    }

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        int max = (int) request.number("max", 1, MAX, 1000);
        String only = request.text("type").orElse(type);
        var urgent = new PriorityQueue<>(URGENCY);
        int count = 0;
        for (Part<?> part : Parts.all()) {
            Shown shown = only == null || only.equals(part.type()) ? shown(part) : null;
            if (shown != null) {
                count++;
                urgent.add(shown);
                if (urgent.size() > max) {
                    urgent.remove();
                }
            }
        }
        List<Shown> all = new ArrayList<>(urgent);
        all.sort(URGENCY.reversed());
        for (Shown shown : all) {
            shown.write(out);
        }
        out.begin("parts").put("count", count).end();
    }

    private @Nullable Shown shown(Part<?> part) {
        PartAnswer answer = PartAnswer.of(part, patience);
        Part.View view = answer.view();
        if (view != null) {
            return new Shown(part, view, Figures.of(view.figures()));
        }
        return answer.late() ? new Shown(part, null, Map.of()) : null;
    }

    /** One line. */
    private record Shown(
            Part<?> part, Part.@Nullable View view, Map<String, Object> figures) {

        long id() {
            return part.id();
        }

        /** Something is the matter with what does not answer. */
        double pressure() {
            return view == null ? 1 : Double.isNaN(view.pressure()) ? -1 : view.pressure();
        }

        /** Calls and bodies that wait, where that is counted. */
        long waiting() {
            long sum = 0;
            for (Map.Entry<String, Object> figure : figures.entrySet()) {
                String name = figure.getKey();
                if ((name.startsWith("waiting") || name.equals("queued"))
                        && figure.getValue() instanceof Number number) {
                    sum += number.longValue();
                }
            }
            return sum;
        }

        void write(JsonLines out) throws IOException {
            out.begin("part").put("id", id()).put("type", part.type());
            StackTraceElement line = part.line();
            out.put("line", line == null ? null : line.toString());
            if (view == null) {
                out.put("answers", false).end();
                return;
            }
            out.put("name", view.name()).put("loop", view.loop() == null ? null : view.loop().name());
            out.beginObject("figures");
            figures.forEach((name, value) -> {
                switch (value) {
                    case Boolean truth -> out.put(name, truth);
                    case Double number -> out.put(name, number);
                    case Number number -> out.put(name, number.longValue());
                    default -> out.put(name, value.toString());
                }
            });
            out.endObject().put("pressure", view.pressure());
            if (waiting() > 0) {
                out.put("waiting", waiting());
                millis(out, "oldest", view.detail().waitedNanos());
            }
            write(out, view.detail().holders());
            if (!part.acts().isEmpty()) {
                out.beginList("acts");
                part.acts().stream().sorted().forEach(out::item);
                out.endList();
            }
            out.end();
        }

        private static void write(JsonLines out, List<Holder> holders) {
            if (holders.isEmpty()) {
                return;
            }
            out.beginList("holders");
            for (Holder holder : holders) {
                out.beginItem().put("who", holder.who());
                if (holder.process() != 0) {
                    out.put("pid", holder.process());
                }
                millis(out, "held", holder.nanos());
                out.put("at", holder.at() == null ? null : holder.at().toString()).endObject();
            }
            out.endList();
        }

        private static void millis(JsonLines out, String name, long nanos) {
            if (nanos >= 0) {
                out.put(name, TimeUnit.NANOSECONDS.toMillis(nanos));
            }
        }
    }
}
