package dev.heddle.observe.internal;

import static java.util.Map.entry;

import dev.heddle.internal.sight.Parts;
import dev.heddle.observe.internal.profile.ProfileView;
import dev.heddle.observe.internal.trace.TraceView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The table of views, by the verbs of requests. */
final class Views {

    /** The type of queues of jobs, which have a verb of their own. */
    private static final String JOBS = "jobs";

    private static final Map<String, Supplier<View>> VERBS = new TreeMap<>(Map.ofEntries(
            entry("act", ActView::new),
            entry("cancel", CancelView::new),
            entry("connections", ConnectionsView::new),
            entry("dump", DumpView::new),
            entry("inside", InsideView::new),
            entry(JOBS, () -> new PoolsView(JOBS)),
            entry("loops", LoopsView::new),
            entry("pools", PoolsView::new),
            entry("profile", ProfileView::new),
            entry("program", ProgramView::new),
            entry("requests", RequestsView::new),
            entry("top", TopView::new),
            entry("trace", TraceView::new),
            entry("tree", TreeView::new),
            entry("waits", WaitsView::new)));

    private Views() {}

    /** All of them, in the order of the alphabet. */
    static Set<String> verbs() {
        return VERBS.keySet();
    }

    /** Those by which there is something to be seen now. */
    static List<String> useful() {
        boolean jobs = Parts.all().stream().anyMatch(part -> part.type().equals(JOBS));
        return verbs().stream().filter(verb -> jobs || !verb.equals(JOBS)).toList();
    }

    /**
     * A view for one request.
     *
     * @throws BadRequestException if there is none by this verb
     */
    static View of(String verb) throws BadRequestException {
        Supplier<View> view = VERBS.get(verb);
        if (view == null) {
            throw new BadRequestException(
                    "unknown verb " + verb + "; this process knows " + String.join(", ", verbs()));
        }
        return view.get();
    }
}
