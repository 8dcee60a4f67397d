package dev.heddle.io;

import dev.heddle.engine.Transport;
import dev.heddle.engine.WaitSlot;
import java.nio.ByteBuffer;

/** Takes no bytes while its gate is shut, as a system whose buffers are full. */
public final class GatedTransport implements Transport {

    private final Transport transport;
    private final WaitSlot opened = new WaitSlot("a gate to open");
    private boolean shut;

    public GatedTransport(Transport transport) {
        this.transport = transport;
    }

    public void shut() {
        shut = true;
    }

    public void open() {
        shut = false;
        opened.wake();
    }

    @Override
    public int tryRead(ByteBuffer target) {
        return transport.tryRead(target);
    }

    @Override
    public void awaitReadable() {
        transport.awaitReadable();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        return shut ? 0 : transport.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
        while (shut) {
            opened.await();
        }
        transport.awaitWritable();
    }

    @Override
    public void shutdownOutput() {
        transport.shutdownOutput();
    }

    @Override
    public void close() {
        transport.close();
    }

    @Override
    public void abort() {
        transport.abort();
    }

    @Override
    public boolean isOpen() {
        return transport.isOpen();
    }

    @Override
    public String localAddress() {
        return transport.localAddress();
    }

    @Override
    public String remoteAddress() {
        return transport.remoteAddress();
    }
}
