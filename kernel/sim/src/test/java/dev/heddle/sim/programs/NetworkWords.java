package dev.heddle.sim.programs;

import static dev.heddle.Heddle.shield;

import dev.heddle.Action;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.sim.Peers;
import dev.heddle.sim.Sim;
import dev.heddle.sim.SimHost;
import dev.heddle.sim.SimNetwork;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Connections over the simulated network. */
final class NetworkWords extends Words {

    private static final int HUNDRED = 100;
    private static final int THOUSAND = 1_000;

    private final Map<Integer, Connection> connections = new HashMap<>();
    private int connected;

    NetworkWords(Interpreter interpreter) {
        super(interpreter);
    }

    private record Connection(int number, Peers peers, ModelStream model) {

        SimNetwork network() {
            return Sim.current().network();
        }

        SimHost client() {
            return network().host("client" + number);
        }

        SimHost server() {
            return network().host("server" + number);
        }
    }

    @Override
    boolean does(Statement it, Frame frame) throws Exception {
        ModelTask me = frame.task();
        String what = it.what();
        Action inside = () -> block(it.body(), frame);
        switch (it.verb()) {
            case CONNECTED -> connected(it, frame, what);
            case WRITE -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    byte[] bytes = new byte[it.number() * THOUSAND];
                    Arrays.fill(bytes, connection.model.tag());
                    call(
                            connection.model.write(me, what, bytes.length),
                            done(() -> connection.peers.client().write(bytes)));
                }
            }
            case READ -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    call(connection.model.read(me, what), () -> read(connection.peers.server(), it.number()));
                }
            }
            case END_OUTPUT -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    model.step(me, what);
                    connection.model.end();
                    outcome(me, done(() -> connection.peers.client().closeOutput()));
                }
            }
            case CUT -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    model.step(me, what);
                    connection.model.cut();
                    connection.peers.client().abort();
                }
            }
            case PARTED -> {
                Connection connection = connections.get(it.target());
                if (connection == null) {
                    inside.run();
                } else {
                    parted(connection, me, what, inside);
                }
            }
            case CUT_LINK -> {
                Connection connection = connections.get(it.target());
                if (connection != null) {
                    model.step(me, what);
                    connection.model.cut();
                    if (connection.network().cut(connection.client(), connection.server()) > 0) {
                        model.happened(Sometimes.LINK_WAS_CUT);
                    }
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** Both ends are closed with the block, whoever uses them then. */
    private void connected(Statement it, Frame frame, String what) throws Exception {
        ModelTask me = frame.task();
        model.step(me, what);
        Peers peers;
        int number = ++connected;
        try {
            peers = shield(() -> Peers.connect(number));
        } catch (TaskCancelledException e) {
            return; // the other end's task is not shielded
        }
        var connection = new Connection(number, peers, new ModelStream(model));
        connections.put(it.target(), connection);
        try {
            block(it.body(), frame);
        } finally {
            model.step(me, "closes n" + it.target());
            connections.remove(it.target(), connection);
            connection.model.cut();
            peers.client().abort();
            peers.server().abort();
        }
    }

    private void parted(Connection connection, ModelTask me, String what, Action body) throws Exception {
        model.step(me, what);
        connection.model.part();
        connection.network().partition(connection.client(), connection.server());
        try {
            body.run();
        } finally {
            model.step(me, "heals n" + connection.number());
            connection.model.heal();
            connection.network().heal(connection.client(), connection.server());
        }
    }

    private static Object read(ByteStream stream, int hundreds) {
        byte[] bytes = new byte[Math.max(1, hundreds * HUNDRED)];
        int count = stream.read(bytes);
        return count < 0 ? Call.CLOSED : Arrays.copyOf(bytes, count);
    }
}
