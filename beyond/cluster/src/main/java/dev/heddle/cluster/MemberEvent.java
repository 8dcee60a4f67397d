package dev.heddle.cluster;

/** A change of who belongs to a cluster. */
public sealed interface MemberEvent {

    /** Who has come or gone. */
    Member member();

    /** A node has joined, or joined again. */
    record Up(Member member) implements MemberEvent {}

    /**
     * A node has left, or has not been heard of for its timeout. What it was doing may go on for a while if only its
     * cable is cut, but no longer than its lease.
     */
    record Gone(Member member) implements MemberEvent {}
}
