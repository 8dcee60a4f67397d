package dev.heddle.outside;

import dev.heddle.BrokenException;
import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import java.nio.ByteBuffer;

/** A transport in memory as somebody else would write it, over public types alone, with one fault or none. */
final class OutsideTransport implements Transport {

    /** What its writer has got wrong. */
    enum Fault {
        NONE,
        BYTES_WAKE_NO_READER,
        ROOM_WAKES_NO_WRITER,
        HALF_CLOSE_WAKES_NO_READER,
        LEAVING_READER_WAKES_NO_WRITER,
        RESET_WAKES_NOBODY,
        OWN_CLOSE_WAKES_NOBODY,
        CLOSED_PEER_TAKES_ALL,
        LOSS_IS_TOLD_ONCE,
        LOSS_IS_AN_END,
        LOSS_OVERTAKES_BYTES,
        END_OVERTAKES_BYTES,
        CANCEL_IS_NOT_HEARD,
        NOTHING_YET_IS_THE_END,
        FULL_IS_NOT_WAITED_FOR,
        WRAP_BEGINS_ANEW,
        HALF_CLOSE_CLOSES_BOTH,
        OUTPUT_STAYS_OPEN,
        LIMIT_OF_THE_BUFFER_CHANGES,
        WRITER_WAITS_FOR_BYTES
    }

    /** The bytes from one end to the other. */
    private static final class Way {

        private final Fault fault;
        private final byte[] ring = new byte[5_000];
        private final WaitSlot readable = new WaitSlot("bytes");
        private final WaitSlot writable = new WaitSlot("room");
        private int head;
        private int count;
        private boolean ended;
        private boolean readerGone;
        private boolean reset;

        private Way(Fault fault) {
            this.fault = fault;
        }

        private int read(ByteBuffer target) {
            if (reset && fault == Fault.LOSS_OVERTAKES_BYTES) {
                count = 0;
            }
            if (count == 0 || (ended && fault == Fault.END_OVERTAKES_BYTES)) {
                return nothing();
            }
            int taken = Math.min(count, target.remaining());
            for (int i = 0; i < taken; i++) {
                target.put(ring[(head + i) % ring.length]);
            }
            head = fault == Fault.WRAP_BEGINS_ANEW && head + taken > ring.length
                    ? 0
                    : (head + taken) % ring.length;
            count -= taken;
            wake(writable, Fault.ROOM_WAKES_NO_WRITER);
            return taken;
        }

        private int nothing() {
            if (ended) {
                return -1;
            }
            checkWhole();
            return fault == Fault.NOTHING_YET_IS_THE_END ? -1 : 0;
        }

        private void checkWhole() {
            if (reset && fault != Fault.LOSS_IS_AN_END) {
                if (fault == Fault.LOSS_IS_TOLD_ONCE) {
                    reset = false;
                    ended = true;
                }
                throw new BrokenException("the peer has reset the connection");
            }
        }

        private int write(ByteBuffer source) {
            checkWhole();
            if (readerGone || reset) {
                if (fault == Fault.CLOSED_PEER_TAKES_ALL) {
                    int all = source.remaining();
                    source.position(source.limit());
                    return all;
                }
                throw new BrokenException("the peer is gone");
            }
            int taken = Math.min(ring.length - count, source.remaining());
            for (int i = 0; i < taken; i++) {
                ring[(head + count + i) % ring.length] = source.get();
            }
            count += taken;
            wake(readable, Fault.BYTES_WAKE_NO_READER);
            return taken;
        }

        private void end() {
            if (reset && fault != Fault.LOSS_IS_AN_END) {
                return;
            }
            ended = true;
            wake(readable, Fault.HALF_CLOSE_WAKES_NO_READER);
        }

        private void leave() {
            readerGone = true;
            count = 0;
            wake(writable, Fault.LEAVING_READER_WAKES_NO_WRITER);
        }

        private void reset() {
            reset = true;
            ended |= fault == Fault.LOSS_IS_AN_END;
            wake(readable, Fault.RESET_WAKES_NOBODY);
            wake(writable, Fault.RESET_WAKES_NOBODY);
        }

        private void wake(WaitSlot slot, Fault forgotten) {
            if (fault != forgotten) {
                slot.wake();
            }
        }
    }

    private final String name;
    private final String peer;
    private final Fault fault;
    private final Way in;
    private final Way out;
    private boolean outputEnded;
    private boolean closed;

    private OutsideTransport(String name, String peer, Fault fault, Way in, Way out) {
        this.name = name;
        this.peer = peer;
        this.fault = fault;
        this.in = in;
        this.out = out;
    }

    /** Two ends of one connection. */
    static OutsideTransport[] pair(Fault fault) {
        var one = new Way(fault);
        var other = new Way(fault);
        return new OutsideTransport[]{
                new OutsideTransport("outside-1", "outside-2", fault, one, other),
                new OutsideTransport("outside-2", "outside-1", fault, other, one)};
    }

    @Override
    public int tryRead(ByteBuffer target) {
        checkOpen();
        int count = in.read(target);
        if (fault == Fault.LIMIT_OF_THE_BUFFER_CHANGES) {
            target.limit(target.position());
        }
        return count;
    }

    @Override
    public void awaitReadable() {
        checkOpen();
        CancelScope.throwIfCancelled();
        if (in.count == 0 && !in.ended && !in.reset) {
            await(in.readable);
        }
        checkOpen();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        checkOutput();
        return out.write(source);
    }

    /** Over a lost connection it returns at once; the write says so. */
    @Override
    public void awaitWritable() {
        checkOutput();
        CancelScope.throwIfCancelled();
        if (out.count == out.ring.length && !out.readerGone && !out.reset && fault != Fault.FULL_IS_NOT_WAITED_FOR) {
            await(fault == Fault.WRITER_WAITS_FOR_BYTES ? in.readable : out.writable);
        }
        checkOutput();
    }

    private void await(WaitSlot slot) {
        if (fault == Fault.CANCEL_IS_NOT_HEARD) {
            Heddle.shield(slot::await);
        } else {
            slot.await();
        }
    }

    @Override
    public void shutdownOutput() {
        checkOpen();
        if (!outputEnded) {
            outputEnded = fault != Fault.OUTPUT_STAYS_OPEN;
            out.end();
            if (fault == Fault.HALF_CLOSE_CLOSES_BOTH) {
                close();
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            out.end();
            in.leave();
            wakeOwn();
        }
    }

    @Override
    public void abort() {
        if (!closed) {
            closed = true;
            out.reset();
            in.reset();
            wakeOwn();
        }
    }

    private void wakeOwn() {
        in.wake(in.readable, Fault.OWN_CLOSE_WAKES_NOBODY);
        out.wake(out.writable, Fault.OWN_CLOSE_WAKES_NOBODY);
    }

    private void checkOpen() {
        if (closed) {
            throw new ClosedException(name + " is closed");
        }
    }

    private void checkOutput() {
        checkOpen();
        if (outputEnded) {
            throw new ClosedException("the output of " + name + " is closed");
        }
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public String localAddress() {
        return name;
    }

    @Override
    public String remoteAddress() {
        return peer;
    }

    @Override
    public String toString() {
        return name;
    }
}
