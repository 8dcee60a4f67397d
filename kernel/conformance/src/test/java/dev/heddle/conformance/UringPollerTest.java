package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.internal.Descriptors;
import dev.heddle.linux.UringEngine;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;

/** The suite of pollers on io_uring. */
@OnEngine("io_uring")
final class UringPollerTest extends DescriptorPollerContract {

    @Override
    protected Engine newEngine() {
        return new UringEngine();
    }

    @Override
    protected int descriptorOf(Channel channel) {
        return channel instanceof FileChannel file ? Descriptors.of(file) : Descriptors.of((SelectableChannel) channel);
    }
}
