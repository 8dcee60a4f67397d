package dev.heddle.cluster;

import java.time.Duration;
import java.util.Set;

/** The numbers of a queue, as one node has last heard of it. */
public sealed interface JobsStatistics permits JobFigures.Statistics {

    /** Jobs that nobody does yet, those that wait for their time among them. */
    int waiting();

    /** Those of them whose time has come, by this node's wall clock, and whose name is not paused. */
    int ready();

    /** Jobs that a node does. */
    int running();

    /** Dead letters. */
    int dead();

    /** Jobs that are done or cancelled, and not forgotten yet. */
    int ended();

    /** For how long the oldest of those waits that are ready, by this node's wall clock; zero if there is none. */
    Duration oldestWaiting();

    /** For how long the attempt runs that has begun first, by this node's wall clock; zero if there is none. */
    Duration longestRunning();

    /** Names of waiting jobs that no node handles. */
    Set<String> unhandled();

    /** How many jobs all nodes do at a time. */
    int slots();

    /** Whether no node begins with a job. */
    boolean isPaused();

    /** Names of jobs with which no node begins. */
    Set<String> pausedNames();
}
