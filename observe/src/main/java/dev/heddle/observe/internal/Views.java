package dev.heddle.observe.internal;

import static java.util.Map.entry;

import dev.heddle.observe.internal.profile.ProfileView;
import dev.heddle.observe.internal.trace.TraceView;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The table of views, by the verbs of requests. */
final class Views {

    private static final Map<String, Supplier<View>> VERBS = new TreeMap<>(Map.ofEntries(
            entry("cancel", CancelView::new),
            entry("connections", ConnectionsView::new),
            entry("dump", DumpView::new),
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
