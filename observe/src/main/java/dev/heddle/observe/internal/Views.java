package dev.heddle.observe.internal;

import dev.heddle.observe.internal.profile.ProfileView;
import dev.heddle.observe.internal.trace.TraceView;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The table of views, by the verbs of requests. */
final class Views {

    private static final Map<String, Supplier<View>> VERBS = new TreeMap<>(Map.of(
            "cancel", CancelView::new,
            "connections", ConnectionsView::new,
            "loops", LoopsView::new,
            "pools", PoolsView::new,
            "profile", ProfileView::new,
            "program", ProgramView::new,
            "top", TopView::new,
            "trace", TraceView::new,
            "tree", TreeView::new,
            "waits", WaitsView::new));

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
