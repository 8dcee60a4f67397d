package dev.heddle.sim;

import java.util.LinkedHashMap;
import java.util.Map;

/** All links between hosts, made when they are first used. */
final class Links {

    final Counts counts = new Counts();

    private final World world;
    private final Map<Ends, Link> links = new LinkedHashMap<>();
    private LinkOptions defaults;

    Links(World world, LinkOptions defaults) {
        this.world = world;
        this.defaults = defaults;
    }

    /** The link from one host to another, or to itself. */
    Link between(SimHost from, SimHost to) {
        return links.computeIfAbsent(new Ends(from, to), unseen -> new Link(world, this));
    }

    /** How links behave that have no options of their own. */
    LinkOptions defaults() {
        return defaults;
    }

    void useDefaults(LinkOptions options) {
        defaults = options;
    }

    void healAll() {
        links.values().forEach(Link::heal);
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
