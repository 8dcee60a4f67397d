package dev.heddle.sim;

import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.HeddleException;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.net.Udp;
import dev.heddle.net.UdpSocket;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A name server over UDP and TCP that answers from its records, or as a test says. It makes messages by itself. */
final class ScriptedNameServer implements AutoCloseable {

    static final int A = 1;
    static final int CNAME = 5;
    static final int SOA = 6;
    static final int TXT = 16;
    static final int AAAA = 28;
    static final int SRV = 33;
    static final int NO_SUCH_NAME = 3;
    static final int TRUNCATED = 0x0200;

    /** What came, and the way back. */
    record Asked(int id, String name, int type, boolean edns, boolean tcp, ByteBuffer bytes, Consumer<byte[]> back) {

        /** The question as it came. */
        byte[] question() {
            return bytes.array().clone();
        }

        /** The question in words: {@code A of example.org}. */
        @Override
        public String toString() {
            String what = switch (type) {
                case A -> "A";
                case AAAA -> "AAAA";
                case TXT -> "TXT";
                case SRV -> "SRV";
                default -> "type " + type;
            };
            return what + " of " + name;
        }
    }

    /** What a test does with a question. */
    interface Script {
        void accept(Asked asked) throws Exception;
    }

    /** All that was asked, in order. */
    final List<String> asked = new ArrayList<>();

    /** What is done with a question. */
    Script script = this::answer;

    /** Who sent the last datagram. */
    InetSocketAddress lastClient = InetSocketAddress.createUnresolved("nobody", 1);

    private final Map<String, List<byte[]>> records = new HashMap<>();
    private final UdpSocket socket;
    private final Listener listener;

    private ScriptedNameServer(UdpSocket socket, Listener listener) {
        this.socket = socket;
        this.listener = listener;
    }

    /** Serves at an address and port. */
    static ScriptedNameServer at(String address, int port) {
        Listener listener = Tcp.listen(address, port); // first: most ports that are taken are TCP's
        UdpSocket socket = Udp.bind(address, listener.port(), DatagramOptions.DEFAULT.withReceiveBufferBytes(1 << 20));
        var server = new ScriptedNameServer(socket, listener);
        Heddle.spawn("name server", server::serveDatagrams);
        Heddle.spawn("name server over TCP", server::serveStreams);
        return server;
    }

    /** Serves on a simulated host at the usual port. */
    static ScriptedNameServer on(SimHost host) throws Exception {
        return host.run(() -> at(host.address().getHostAddress(), 53));
    }

    /** From now on it refuses connections. */
    void serveNoTcp() {
        listener.close();
    }

    InetSocketAddress address() {
        return socket.localAddress();
    }

    private void serveDatagrams() throws Exception {
        try {
            while (true) {
                var datagram = socket.receive();
                lastClient = datagram.from();
                read(datagram.bytes(), false, reply -> {
                    if (socket.isOpen()) {
                        socket.send(reply, datagram.from());
                    }
                });
            }
        } catch (ClosedException e) {
            // The end of the test.
        }
    }

    private void serveStreams() {
        listener.serve(1_000, stream -> {
            byte[] question = stream.readExactly(ByteBuffer.wrap(stream.readExactly(2)).getShort());
            read(question, true, reply -> stream.write(
                    ByteBuffer.allocate(2).putShort((short) reply.length).flip(), ByteBuffer.wrap(reply)));
            awaitEnd(stream);
        });
    }

    private static void awaitEnd(ByteStream stream) {
        try {
            stream.readAll(1);
        } catch (HeddleException e) {
            // The client has what it wants.
        }
    }

    private void read(byte[] message, boolean tcp, Consumer<byte[]> back) throws Exception {
        ByteBuffer in = ByteBuffer.wrap(message);
        int id = Short.toUnsignedInt(in.getShort());
        boolean edns = in.getShort(10) == 1;
        in.position(12);
        var name = new StringBuilder();
        for (int length = in.get(); length != 0; length = in.get()) {
            var label = new byte[length];
            in.get(label);
            name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = in.getShort();
        in.getShort();
        var question = new byte[in.position() - 12];
        in.get(12, question);
        var what = new Asked(id, name.toString(), type, edns, tcp, ByteBuffer.wrap(question), back);
        asked.add(what.toString());
        script.accept(what);
    }

    /** Notes a record that it has. */
    void has(String owner, int type, int ttl, byte[] data) {
        records.computeIfAbsent(owner, _ -> new ArrayList<>()).add(record(owner, type, ttl, data));
    }

    /** Notes an address of a name, good for a minute. */
    void has(String owner, String address) {
        byte[] bytes = InetAddress.ofLiteral(address).getAddress();
        has(owner, bytes.length == 4 ? A : AAAA, 60, bytes);
    }

    /** Answers truly: from its records, following its aliases; what it does not have is not there for 30 seconds. */
    void answer(Asked what) {
        List<byte[]> answers = new ArrayList<>();
        String name = what.name();
        for (int i = 0; i < 40 && records.containsKey(name); i++) {
            String next = null;
            for (byte[] each : records.get(name)) {
                int type = ByteBuffer.wrap(each).getShort(nameBytes(name).length);
                if (type == what.type() || type == CNAME) {
                    answers.add(each);
                }
                if (type == CNAME) {
                    next = textOf(each, nameBytes(name).length + 10);
                }
            }
            if (next == null) {
                break;
            }
            name = next;
        }
        List<byte[]> authority = answers.isEmpty() ? List.of(zone(30)) : List.of();
        reply(what, records.containsKey(what.name()) ? 0 : NO_SUCH_NAME, answers, authority);
    }

    /** Sends a message that answers a question. */
    static void reply(Asked what, int flags, List<byte[]> answers, List<byte[]> authority) {
        what.back().accept(message(what.id(), what.question(), flags, answers, authority));
    }

    static byte[] message(int id, byte[] question, int flags, List<byte[]> answers, List<byte[]> authority) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(12).putShort((short) id).putShort((short) (0x8180 | flags))
                .putShort((short) 1).putShort((short) answers.size()).putShort((short) authority.size()).array());
        out.writeBytes(question);
        answers.forEach(out::writeBytes);
        authority.forEach(out::writeBytes);
        return out.toByteArray();
    }

    static byte[] record(String owner, int type, int ttl, byte[] data) {
        byte[] name = nameBytes(owner);
        return ByteBuffer.allocate(name.length + 10 + data.length).put(name).putShort((short) type).putShort((short) 1)
                .putInt(ttl).putShort((short) data.length).put(data).array();
    }

    /** The begin of a zone, which says how long what is not there is not there. */
    static byte[] zone(int seconds) {
        return record("", SOA, seconds, ByteBuffer.allocate(22).putInt(18, seconds).array());
    }

    static byte[] nameBytes(String name) {
        var out = new ByteArrayOutputStream();
        for (String label : name.isEmpty() ? new String[0] : name.split("\\.", -1)) {
            out.write(label.length());
            out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.write(0);
        return out.toByteArray();
    }

    static byte[] text(String... pieces) {
        var out = new ByteArrayOutputStream();
        for (String piece : pieces) {
            byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }

    static byte[] service(int priority, int weight, int port, String target) {
        byte[] name = nameBytes(target);
        return ByteBuffer.allocate(6 + name.length).putShort((short) priority).putShort((short) weight)
                .putShort((short) port).put(name).array();
    }

    private static String textOf(byte[] message, int from) {
        var name = new StringBuilder();
        for (int at = from; message[at] != 0; at += message[at] + 1) {
            name.append(name.isEmpty() ? "" : ".")
                    .append(new String(message, at + 1, message[at], StandardCharsets.US_ASCII));
        }
        return name.toString();
    }

    @Override
    public void close() {
        socket.close();
        listener.close();
    }
}
