package dev.heddle.net.internal.dns;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.LoopLocal;
import dev.heddle.engine.DatagramEngine;
import dev.heddle.engine.DatagramOptions;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.Engine;
import dev.heddle.io.ByteStream;
import dev.heddle.io.MalformedMessageException;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One question to one server, over UDP, and over TCP where the answer does not fit into a datagram.
 *
 * <p>Whoever wants to lie without seeing the question has to guess: the socket is connected, so what comes from other
 * addresses and ports is dropped below; it has a port that the system has drawn, and that of a question at which
 * somebody guesses is not used again; the number of the question is drawn; and the answer must repeat the question. What does not is passed over, as it may be a guess, and the right answer
 * still comes. After {@link #MAX_STRAYS} of them somebody guesses on purpose, which {@link NameServers} evades.
 */
final class Exchange {

    /** The datagrams that answer something else before the question takes another way. */
    static final int MAX_STRAYS = 16;

    /** More than we tell servers that we take: some do not listen. */
    private static final int MAX_DATAGRAM_BYTES = 4_096;

    private static final DatagramOptions SOCKET = DatagramOptions.DEFAULT.withMaxBytes(MAX_DATAGRAM_BYTES);

    /** One for all exchanges of a loop, since no task gives way while it is in use. */
    private static final LoopLocal<ByteBuffer> SCRATCH = LoopLocal.withInitial(
            () -> ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES));

    private static final InetAddress ANY_IPV4 = InetAddress.ofLiteral("0.0.0.0");
    private static final InetAddress ANY_IPV6 = InetAddress.ofLiteral("::");

    private final Engine engine = Heddle.currentLoop().engine();
    private final NameServer server;
    private final Question question;
    private final int id;
    private final ByteBuffer message;
    private final Counts counts;
    private @Nullable DnsReply reply;
    private int strays;

    Exchange(NameServer server, Question question, boolean edns, int id, Counts counts) {
        this.server = server;
        this.question = question;
        this.id = id;
        this.message = question.message(id, edns);
        this.counts = counts;
    }

    /**
     * Asks until there is an answer; who calls sets the time.
     *
     * @param maxStrays after how many datagrams that answer something else it is given up
     * @return the answer; empty if there were only others
     * @throws IOException if there is no way to the server, or it refuses
     * @throws MalformedMessageException if what it sends over TCP is no answer
     */
    Optional<DnsReply> overUdp(int maxStrays) throws IOException {
        Optional<DnsReply> came = datagramReply(maxStrays);
        return came.isPresent() && came.get().truncated() ? Optional.of(overTcp()) : came;
    }

    /** Opens a socket whose datagrams go to a server, and come from there only. */
    static Datagrams connected(Engine engine, InetSocketAddress server) throws IOException {
        InetAddress any = server.getAddress() instanceof Inet4Address ? ANY_IPV4 : ANY_IPV6;
        Datagrams socket = DatagramEngine.of(engine).datagrams(new InetSocketAddress(any, 0), SOCKET);
        try {
            socket.connect(server);
            return socket;
        } catch (Throwable e) {
            socket.close();
            throw e;
        }
    }

    /** The answer by datagram; empty if there were only others. Datagrams get lost, so each wait is twice the last. */
    private Optional<DnsReply> datagramReply(int maxStrays) throws IOException {
        Datagrams socket = server.take(engine);
        long begin = engine.nanoTime();
        int sent = 0;
        try {
            for (Duration patience = server.patience();; patience = patience.multipliedBy(2)) {
                send(socket);
                sent++;
                if (Heddle.moveOnAfter(patience, () -> receive(socket, maxStrays)) || reply != null) {
                    return Optional.ofNullable(reply);
                }
            }
        } catch (BrokenException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            if (reply != null && question.type() != Question.HTTPS) { // some must look further for that
                server.tookNanos(engine.nanoTime() - begin);
            }
            server.give(socket, reply != null && sent == 1 && strays == 0);
        }
    }

    private void send(Datagrams socket) {
        counts.sent++;
        while (!socket.trySend(message.duplicate(), server.address)) {
            socket.awaitSendable();
        }
    }

    /** Waits for the answer, or for too many that are none. */
    private void receive(Datagrams socket, int maxStrays) {
        while (reply == null && strays < maxStrays) {
            ByteBuffer came = SCRATCH.get().clear();
            if (socket.tryReceive(came) == Datagrams.NOTHING) {
                socket.awaitReceivable();
            } else {
                look(came.flip(), socket.sender());
            }
        }
    }

    private void look(ByteBuffer came, InetSocketAddress sender) {
        try {
            if (sender.equals(server.address)) {
                reply = DnsReply.read(came, id, question);
                return;
            }
        } catch (MalformedMessageException e) {
            // Passed over: the server may still send what it has to say.
        }
        strays++;
        counts.strays++;
    }

    /**
     * Asks over TCP (RFC 7766); who calls sets the time.
     *
     * @throws IOException as {@link #overUdp}
     * @throws MalformedMessageException if what the server sends is no answer
     */
    DnsReply overTcp() throws IOException {
        counts.overTcp++;
        var stream = new ByteStream(engine.connect(server.address));
        try {
            stream.write(ByteBuffer.allocate(Short.BYTES).putShort((short) message.remaining()).flip(),
                    message.duplicate());
            int length = Short.toUnsignedInt(ByteBuffer.wrap(stream.readExactly(Short.BYTES)).getShort());
            DnsReply whole = DnsReply.read(ByteBuffer.wrap(stream.readExactly(length)), id, question);
            if (whole.truncated()) {
                throw new MalformedMessageException("an answer that is cut although it came over TCP");
            }
            return whole;
        } catch (BrokenException e) {
            throw new IOException(e.getMessage(), e);
        } finally {
            stream.abort();
        }
    }
}
