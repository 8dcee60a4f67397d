package dev.heddle.http.internal.client.call;

/** The turns at hosts: who asks a host waits for one, and has it to the end of the reply. */
public interface HostTurns {

    /** Waits for a turn at a host; errors and cancellation are those of a wait. */
    Turn enter(String host);

    /** Who has the turns that a wait at a host was for, for people; empty if only time had kept it waiting. */
    String use(String host);

    /** A turn, from its begin to the end of the reply. */
    interface Turn extends AutoCloseable {

        /** Gives it back. Never waits; does nothing the second time. */
        @Override
        void close();
    }
}
