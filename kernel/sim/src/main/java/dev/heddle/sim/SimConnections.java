package dev.heddle.sim;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** The connections that are not over, and the count of what users of the network have opened and not closed. */
final class SimConnections {

    private final SimContext context;
    private final SimLinks links;
    private final Map<SimConnection, Hosts> live = new LinkedHashMap<>();
    private final Set<SimTransport> given = new LinkedHashSet<>();
    private final Map<Runnable, Hosts> others = new LinkedHashMap<>();
    private final Map<Hosts, Long> plannedCuts = new LinkedHashMap<>();
    private long nextId = 1;

    SimConnections(SimContext context, SimLinks links) {
        this.context = context;
        this.links = links;
    }

    /** Whether there is a connection between two addresses. */
    boolean has(InetSocketAddress local, InetSocketAddress remote) {
        String here = SimAddresses.show(local);
        String there = SimAddresses.show(remote);
        return live.keySet().stream().anyMatch(each -> each.client.localAddress().equals(here)
                && each.client.remoteAddress().equals(there));
    }

    /** Makes the two ends of a connection that is just being established. */
    SimConnection open(SimHost from, InetSocketAddress local, SimHost to, InetSocketAddress remote) {
        var connection = new SimConnection(
                context, this, nextId++, links.between(from, to), links.between(to, from), local, remote,
                new ReadRate(context, from), new ReadRate(context, to));
        live.put(connection, new Hosts(from, to));
        FaultPlan faults = context.faults;
        if (context.strikes(FaultKind.CUT, faults.cutChance())) {
            SimTransport end = context.random.below(2) == 0 ? connection.client : connection.server;
            end.cutAfterReceiving(1 + context.random.below(faults.cutWithinBytes()));
        }
        slowDown(connection.client, faults);
        slowDown(connection.server, faults);
        Long forth = plannedCuts.remove(new Hosts(from, to));
        if (forth != null) {
            connection.server.cutAfterReceiving(forth);
        }
        Long back = plannedCuts.remove(new Hosts(to, from));
        if (back != null) {
            connection.client.cutAfterReceiving(back);
        }
        return connection;
    }

    private void slowDown(SimTransport end, FaultPlan faults) {
        if (context.strikes(FaultKind.SLOW_READER, faults.slowChance())) {
            end.readAtMost(faults.slowBytesPerSecond());
        }
    }

    /** Cuts something that is no connection, yet goes between two hosts as one does, together with them. */
    void add(SimHost from, SimHost to, Runnable cut) {
        others.put(cut, new Hosts(from, to));
    }

    void remove(Runnable cut) {
        others.remove(cut);
    }

    /** The next connection between two hosts is cut when so many bytes have gone one way. */
    void planCut(SimHost from, SimHost to, long bytes) {
        plannedCuts.put(new Hosts(from, to), bytes);
    }

    /** Hands an end to a user, who has to close it. */
    SimTransport give(SimTransport end) {
        given.add(end);
        return end;
    }

    /** An end was closed. */
    void giveBack(SimTransport end) {
        given.remove(end);
    }

    /** Nothing can happen to a connection any more. */
    void forget(SimConnection connection) {
        live.remove(connection);
    }

    /** Cuts all connections between two hosts, whoever made them; returns how many. */
    int cut(SimHost one, SimHost other) {
        return cutIf(hosts -> hosts.are(one, other));
    }

    /** Cuts all connections of a host; returns how many. */
    int cut(SimHost host) {
        return cutIf(hosts -> hosts.has(host));
    }

    private int cutIf(Predicate<Hosts> between) {
        int count = 0;
        for (Map.Entry<SimConnection, Hosts> each : List.copyOf(live.entrySet())) {
            if (between.test(each.getValue())) {
                each.getKey().cut();
                count++;
            }
        }
        for (Map.Entry<Runnable, Hosts> each : List.copyOf(others.entrySet())) {
            if (between.test(each.getValue())) {
                each.getKey().run();
                count++;
            }
        }
        return count;
    }

    /** How many connections there were so far. */
    long count() {
        return nextId - 1;
    }

    /** The ends that were handed out and are not closed. */
    List<SimTransport> unclosed() {
        return List.copyOf(given);
    }

    private record Hosts(SimHost from, SimHost to) {

        boolean are(SimHost one, SimHost other) {
            return (from == one && to == other) || (from == other && to == one);
        }

        boolean has(SimHost host) {
            return from == host || to == host;
        }
    }
}
