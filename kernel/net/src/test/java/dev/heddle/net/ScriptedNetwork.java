package dev.heddle.net;

import dev.heddle.Action;
import dev.heddle.ForwardingSimulation;
import dev.heddle.Heddle;
import dev.heddle.ManualEngine;
import dev.heddle.engine.Transport;
import dev.heddle.io.MemoryStreams;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A network in virtual time whose names and addresses answer as a test says: for what would take real seconds and real
 * broken networks.
 */
public final class ScriptedNetwork extends ForwardingSimulation {

    /** What happens when somebody connects to an address. */
    interface Behaviour {
        Transport connect() throws IOException;
    }

    /** What a name stands for. */
    interface Name {
        List<InetAddress> resolve() throws UnknownHostException;
    }

    /** A connect that was begun. */
    record Attempt(String address, long atMillis) {}

    final List<Attempt> attempts = new ArrayList<>();
    final List<Transport> connections = new ArrayList<>();
    final Map<String, Name> names = new HashMap<>();
    private final Map<String, Behaviour> behaviours = new HashMap<>();
    private final long start = nanoTime();

    /** The next random number, and all after it. */
    public long random = 4;

    public ScriptedNetwork() {
        super(new ManualEngine(0));
    }

    /** Runs a body over this network. */
    public void run(Action body) {
        Heddle.run(ManualEngine.config().withEngine(() -> this), body);
    }

    public long millis() {
        return (nanoTime() - start) / 1_000_000;
    }

    /** Gives a host addresses, in the resolver's order. */
    ScriptedNetwork host(String name, String... addresses) {
        List<InetAddress> list = List.of(addresses).stream().map(InetAddress::ofLiteral).toList();
        names.put(name, () -> list);
        return this;
    }

    ScriptedNetwork answers(String address, long afterMillis) {
        return behaves(address, () -> {
            Heddle.sleep(Duration.ofMillis(afterMillis));
            return connected();
        });
    }

    ScriptedNetwork refuses(String address, long afterMillis) {
        return behaves(address, () -> {
            Heddle.sleep(Duration.ofMillis(afterMillis));
            throw new ConnectException("refused by " + address);
        });
    }

    ScriptedNetwork swallows(String address) {
        return answers(address, Duration.ofDays(1).toMillis());
    }

    ScriptedNetwork behaves(String address, Behaviour behaviour) {
        behaviours.put(InetAddress.ofLiteral(address).getHostAddress(), behaviour);
        return this;
    }

    /** A connection that somebody has to close. */
    Transport connected() {
        Transport transport = MemoryStreams.pair().left().transport();
        connections.add(transport);
        return transport;
    }

    long openConnections() {
        return connections.stream().filter(Transport::isOpen).count();
    }

    @Override
    public Transport connect(SocketAddress remote) throws IOException {
        String address = ((InetSocketAddress) remote).getAddress().getHostAddress();
        attempts.add(new Attempt(address, millis()));
        return behaviours.get(address).connect();
    }

    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        Name name = names.get(host);
        if (name == null) {
            throw new UnknownHostException("no such host: " + host);
        }
        return name.resolve();
    }

    @Override
    public long random() {
        return random;
    }
}
