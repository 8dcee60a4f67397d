package dev.heddle.process.shared;

/**
 * The statistics of a manager at one moment.
 *
 * @param objects objects that it shares
 * @param processes other processes that are connected
 * @param callsUnderWay calls that have begun and not ended, most of them waiting ones
 * @param callsDone calls that have ended, whatever their answers
 */
public record ManagerStatistics(int objects, int processes, int callsUnderWay, long callsDone) {}
