package dev.heddle.conformance;

import dev.heddle.engine.Engine;
import dev.heddle.internal.Descriptors;
import dev.heddle.linux.EpollEngine;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;

/** The suite of pollers on epoll. */
@OnEngine("epoll")
final class EpollPollerTest extends DescriptorPollerContract {

    @Override
    protected Engine newEngine() {
        return new EpollEngine();
    }

    @Override
    protected int descriptorOf(Channel channel) {
        return channel instanceof FileChannel file ? Descriptors.of(file) : Descriptors.of((SelectableChannel) channel);
    }
}
