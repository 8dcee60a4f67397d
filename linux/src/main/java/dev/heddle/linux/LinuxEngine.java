package dev.heddle.linux;

import dev.heddle.engine.Child;
import dev.heddle.engine.DescriptorEngine;
import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.SystemEngine;
import dev.heddle.engine.Transport;
import dev.heddle.engine.Watch;
import dev.heddle.internal.Descriptors;
import java.io.IOException;
import java.nio.channels.SelectableChannel;
import org.jspecify.annotations.Nullable;

/**
 * The common part of the engines of Linux: whatever is no connection of their own making is watched by an epoll,
 * children are waited for by their descriptors, and another thread wakes the loop through an eventfd.
 */
abstract sealed class LinuxEngine extends SystemEngine implements DescriptorEngine permits EpollEngine, UringEngine {

    private final Children children = new Children(this);

    /** What other threads ring; null while nothing is open. */
    volatile @Nullable EventFd bell;

    boolean closed;

    /** The epoll, opened with all the rest if nothing is open yet. */
    abstract EpollResources readiness() throws IOException;

    @Override
    protected void wakePoller() {
        EventFd ringing = bell;
        if (ringing != null) {
            ringing.ring();
        }
    }

    @Override
    public Watch watch(SelectableChannel channel, Watch.Listener listener) throws IOException {
        if (channel.isBlocking()) {
            throw new IllegalStateException(channel + " is blocking; call configureBlocking(false)");
        }
        return new EpollWatch(readiness().epoll, Descriptors.of(channel), channel, listener);
    }

    @Override
    public Watch watch(int descriptor, Watch.Listener listener) throws IOException {
        return new EpollWatch(readiness().epoll, descriptor, "descriptor " + descriptor, listener);
    }

    @Override
    public Transport adopt(int descriptor, String name) throws IOException {
        return EpollTransport.adopt(readiness(), descriptor, name);
    }

    @Override
    public Child spawn(SpawnRequest request) throws IOException {
        return children.canBeStarted() ? children.spawn(request) : super.spawn(request);
    }

    @Override
    public void close() {
        closeDatagrams();
        closed = true;
        children.close();
        closeSystem();
    }

    /** Frees what is open, if anything. */
    abstract void closeSystem();
}
