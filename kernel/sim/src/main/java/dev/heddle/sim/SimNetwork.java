package dev.heddle.sim;

import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.ListenOptions;
import dev.heddle.internal.Checks;
import dev.heddle.internal.Durations;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The network of a simulation: hosts with names and addresses, links between them, and faults at a chosen moment.
 * Faults that come by themselves are in the {@link FaultPlan}.
 *
 * <pre>{@code
 * SimNetwork network = Sim.current().network();
 * SimHost server = network.host("server");
 * server.spawn(() -> serve(Tcp.listen("server", 80)));
 * network.host("client").run(() -> Tcp.connect("server", 80)...);
 * }</pre>
 *
 * <p>A host is made by its first mention and its name can be resolved from then on. An address of no host cannot be
 * reached. Connecting takes a round trip of the link; a link that is down holds what is sent and delivers it when it
 * comes up again, for up to 924.6 s, after which the sender's connection breaks. Datagrams that would arrive while it
 * is down are lost.
 *
 * <p>Threads: tasks of the simulation's loop; before the run, the thread that makes it.
 */
public final class SimNetwork {

    private final SimContext context;
    private final Stalls stalls;
    private final SimLinks links;
    private final SimConnections connections;
    private final DatagramRoutes datagramRoutes;
    private final SimDns dns = new SimDns();
    private final Map<String, SimHost> hosts = new LinkedHashMap<>();
    private final Map<InetAddress, SimHost> owners = new LinkedHashMap<>();
    private final Set<InetAddress> silent = new HashSet<>();
    private final SimHost localhost;
    private final SimHost nowhere;

    SimNetwork(SimContext context, LinkOptions link, Stalls stalls) {
        this.context = context;
        this.stalls = stalls;
        links = new SimLinks(context, link);
        connections = new SimConnections(context, links);
        datagramRoutes = new DatagramRoutes(
                context, links, this::hosts, address -> silent.contains(address) ? null : owners.get(address));
        localhost = host("localhost");
        dns.put("localhost", List.of(InetAddress.ofLiteral("127.0.0.1")));
        nowhere = new SimHost(this, "nowhere", List.of(SimAddresses.numbered("nowhere", 0)));
    }

    /** The host of all that runs on no other; it may listen at the addresses of all hosts. */
    public SimHost localhost() {
        return localhost;
    }

    /** The host with a name, made now if there is none, with one IPv4 address. */
    public SimHost host(String name) {
        SimHost known = hosts.get(name);
        return known != null ? known : host(name, SimAddresses.numbered(name, hosts.size() + 1));
    }

    /**
     * Makes a host with addresses of your choice, IPv4, IPv6 or both.
     *
     * @throws IllegalArgumentException if there is one of the name, or an address is taken or missing
     */
    public SimHost host(String name, InetAddress... addresses) {
        if (addresses.length == 0 || hosts.containsKey(name)) {
            throw new IllegalArgumentException(
                    addresses.length == 0 ? "no address for " + name : "there is a host " + name + " already");
        }
        for (InetAddress address : addresses) {
            if (owners.containsKey(address) || address.isLoopbackAddress() || address.isAnyLocalAddress()) {
                throw new IllegalArgumentException(address.getHostAddress() + " cannot be an address of " + name);
            }
        }
        var host = new SimHost(this, name, List.of(addresses));
        hosts.put(name, host);
        dns.put(name, host.addresses());
        host.addresses().forEach(address -> owners.put(address, host));
        return host;
    }

    /** All hosts, the first made first. */
    public List<SimHost> hosts() {
        return List.copyOf(hosts.values());
    }

    /** Lets a name resolve to addresses of your choice, in this order. */
    public void name(String name, InetAddress... addresses) {
        dns.put(name, List.of(addresses));
    }

    /** Lets a name be unknown. */
    public void forgetName(String name) {
        dns.remove(name);
    }

    /** Lets each look-up of a name take so long; not negative. */
    public void nameDelay(Duration delay) {
        Checks.notNegative("delay", delay);
        dns.answerAfter(delay);
    }

    /** Sets how all links behave that have no options of their own, from the next byte on. */
    public void link(LinkOptions options) {
        links.useDefaults(options);
    }

    /** Sets how the link between two hosts behaves in both directions, from the next byte on. */
    public void link(SimHost one, SimHost other, LinkOptions options) {
        links.between(one, other).use(options);
        links.between(other, one).use(options);
    }

    /** Sets the faults that come by themselves, those of connections from the next one on. */
    public void faults(FaultPlan plan) {
        context.plan(plan);
    }

    /** Parts two hosts: nothing arrives in either direction until {@link #heal}. */
    public void partition(SimHost one, SimHost other) {
        block(one, other);
        block(other, one);
    }

    /** Lets nothing arrive in one direction until {@link #heal}. */
    public void block(SimHost from, SimHost to) {
        links.between(from, to).block();
    }

    /** Ends a partition: what was held arrives after the usual delay. */
    public void heal(SimHost one, SimHost other) {
        links.between(one, other).heal();
        links.between(other, one).heal();
    }

    /** Ends all partitions. */
    public void heal() {
        links.healAll();
    }

    /** Lets an address never answer: attempts to connect there end after 127 s at the earliest. */
    public void silence(InetAddress address) {
        silent.add(address);
    }

    /** Resets all connections between two hosts at both ends; returns how many there were. */
    public int cut(SimHost one, SimHost other) {
        return connections.cut(one, other);
    }

    /** Resets all connections between two hosts after a time; those made until then too. */
    public void cutAfter(Duration time, SimHost one, SimHost other) {
        Checks.notNegative("time", time);
        context.after(Durations.toNanos(time), () -> cut(one, other));
    }

    /** Resets the next connection between two hosts as soon as exactly so many bytes have arrived in one direction. */
    public void cutAfterBytes(long bytes, SimHost from, SimHost to) {
        Checks.atLeast("bytes", bytes, 0);
        connections.planCut(from, to, bytes);
    }

    /** What happened so far. */
    public SimNetworkStatistics statistics() {
        SimLinks.Counts counts = links.counts;
        return new Statistics(connections.count(), counts.segments, counts.losses, counts.duplicates, counts.reorders);
    }

    /** What the statistics are, at one moment. */
    record Statistics(long connections, long segments, long losses, long duplicates, long reorders)
            implements
                SimNetworkStatistics {}

    SimContext context() {
        return context;
    }

    Stalls stalls() {
        return stalls;
    }

    SimLinks links() {
        return links;
    }

    int cutAll(SimHost host) {
        return connections.cut(host);
    }

    List<SimHost> others(SimHost host) {
        return hosts.values().stream().filter(each -> each != host).toList();
    }

    SimTransport connect(SocketAddress target) throws IOException {
        SimHost from = SimHost.current(this);
        InetSocketAddress remote = reachable(SimAddresses.check(target));
        return connect(from, new InetSocketAddress(from.sourceFor(remote.getAddress()), from.ports().pick()), remote);
    }

    SimTransport connect(InetSocketAddress target, InetSocketAddress from) throws IOException {
        SimHost host = SimHost.current(this);
        InetSocketAddress remote = reachable(SimAddresses.check(target));
        InetAddress chosen = SimAddresses.check(from).getAddress();
        if (!host.owns(chosen)) {
            throw new BindException(
                    "Cannot assign requested address: " + SimAddresses.show(from) + " is no address of " + host);
        }
        InetAddress source = chosen.isAnyLocalAddress() ? host.sourceFor(remote.getAddress()) : chosen;
        var local = new InetSocketAddress(source, host.ports().connecting(from));
        if (connections.has(local, remote)) {
            throw new BindException("Cannot assign requested address: there is a connection from "
                    + SimAddresses.show(local) + " to " + SimAddresses.show(remote));
        }
        return connect(host, local, remote);
    }

    private SimTransport connect(SimHost from, InetSocketAddress local, InetSocketAddress remote) throws IOException {
        InetAddress address = remote.getAddress();
        SimHost owner = address.isLoopbackAddress() ? from : owners.get(address);
        var route = new SimRoute(
                context,
                links,
                connections,
                from,
                owner == null ? nowhere : owner,
                local,
                remote,
                fate(owner, address));
        return connections.give(new Handshake(context, route).run().client);
    }

    SimAcceptor listen(SocketAddress target, ListenOptions options) throws IOException {
        InetSocketAddress local = SimAddresses.check(target);
        return bindingHost(local).ports().listen(local.getAddress(), local.getPort(), options, connections);
    }

    SimDatagrams datagrams(InetSocketAddress target, DatagramOptions options) throws IOException {
        InetSocketAddress local = SimAddresses.check(target);
        SimHost host = bindingHost(local);
        return host.datagramPorts().bind(host, datagramRoutes, local, options);
    }

    /** The host that an address to bind is of; code on localhost may bind those of all hosts. */
    private SimHost bindingHost(InetSocketAddress local) throws IOException {
        SimHost here = SimHost.current(this);
        SimHost owner = here.owns(local.getAddress()) ? here : owners.get(local.getAddress());
        if (owner == null || (owner != here && here != localhost)) {
            throw new BindException(
                    "Cannot assign requested address: " + SimAddresses.show(local) + " is no address of " + here);
        }
        return owner;
    }

    List<SimDatagrams> datagramSockets() {
        return hosts.values().stream().flatMap(each -> each.datagramPorts().sockets().stream()).toList();
    }

    List<InetAddress> resolve(String host) throws UnknownHostException {
        return dns.resolve(host);
    }

    SimConnections connections() {
        return connections;
    }

    List<SimAcceptor> listeners() {
        return hosts.values().stream().flatMap(each -> each.ports().listeners().stream()).toList();
    }

    /** To connect to the wildcard means to connect to the loopback. */
    private static InetSocketAddress reachable(InetSocketAddress target) {
        return target.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(InetAddress.getLoopbackAddress(), target.getPort())
                : target;
    }

    private SimRoute.Fate fate(@Nullable SimHost owner, InetAddress address) {
        FaultPlan faults = context.faults;
        if (silent.contains(address) || context.strikes(FaultKind.BLACK_HOLE, faults.blackHoleChance())) {
            return SimRoute.Fate.SILENT;
        }
        if (owner == null) {
            return SimRoute.Fate.NO_ROUTE;
        }
        return context.strikes(FaultKind.REFUSAL, faults.refuseChance()) ? SimRoute.Fate.REFUSED : SimRoute.Fate.NORMAL;
    }
}
