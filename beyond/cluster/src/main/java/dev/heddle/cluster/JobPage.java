package dev.heddle.cluster;

import java.util.List;
import java.util.Optional;

/**
 * A page of jobs: those that have not ended in the order of submission, then the others, the newest first.
 *
 * <p>Threads: immutable, for any.
 */
public sealed interface JobPage permits JobSearch.Page {

    /** The jobs, without the stacks of their failures. */
    List<JobSnapshot> jobs();

    /** How many jobs fit the filter, on all pages. */
    int found();

    /** Behind what the next page begins, for {@link Jobs#list(JobQuery, int, String)}; empty if this is the last. */
    Optional<String> next();
}
