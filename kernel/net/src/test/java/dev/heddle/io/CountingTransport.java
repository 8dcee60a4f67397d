package dev.heddle.io;

import dev.heddle.engine.Transport;
import java.nio.ByteBuffer;

/** Counts the steps that a stream takes. */
public final class CountingTransport implements Transport {

    private final Transport transport;
    public int reads;
    public int writes;

    public CountingTransport(Transport transport) {
        this.transport = transport;
    }

    @Override
    public int tryRead(ByteBuffer target) {
        reads++;
        return transport.tryRead(target);
    }

    @Override
    public void awaitReadable() {
        transport.awaitReadable();
    }

    @Override
    public int tryWrite(ByteBuffer source) {
        writes++;
        return transport.tryWrite(source);
    }

    @Override
    public void awaitWritable() {
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
