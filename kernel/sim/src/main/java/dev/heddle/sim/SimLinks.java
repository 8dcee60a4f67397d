package dev.heddle.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** All links between hosts, made when they are first used. */
final class SimLinks {

    final Counts counts = new Counts();

    private final SimContext context;
    private final Map<Ends, SimLink> links = new LinkedHashMap<>();
    private LinkOptions defaults;

    SimLinks(SimContext context, LinkOptions defaults) {
        this.context = context;
        this.defaults = defaults;
    }

    /** The link from one host to another, or to itself. */
    SimLink between(SimHost from, SimHost to) {
        return links.computeIfAbsent(new Ends(from, to), unseen -> new SimLink(context, this));
    }

    /** How links behave that have no options of their own. */
    LinkOptions defaults() {
        return defaults;
    }

    void useDefaults(LinkOptions options) {
        defaults = options;
    }

    void healAll() {
        links.values().forEach(SimLink::heal);
    }

    private record Ends(SimHost from, SimHost to) {}

    /** What happened so far on all links together. */
    static final class Counts {
        long segments;
        long losses;
        long duplicates;
        long reorders;
    }
}
