#!/usr/bin/env python3
"""Examines a fleet's logs on Apache Spark: `inquest fleet plan` lists the work, Spark pipes it through `inquest fleet work`, and its own
writer commits the results once, as Parquet, which `inquest fleet report --store OUT` reads as it reads a store.

    spark-submit inquest_fleet.py --out OUT [--inquest 'inquest'] [--partitions N] PATH… [-- FLAGS of fleet plan]

A path is a URL of a bucket (s3://, az://, https://, gs://; the provider's client and credentials must be on every worker), or the same on every
worker (a shared file system), and so must the inquest be. Nothing here schedules
or tries again: Spark does. A host that cannot be read is a row with its reason; only an inquest that cannot be started ends the job.
"""

import argparse
import json
import shlex
import subprocess
import sys

from pyspark.sql import SparkSession
from pyspark.sql.types import StringType, StructField, StructType

# Items a partition: few enough that a large host holds up no others, many enough that start-up is nothing.
ITEMS_A_PARTITION = 50


def arguments():
    given = sys.argv[1:]
    own, flags = (given[: given.index("--")], given[given.index("--") + 1 :]) if "--" in given else (given, [])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder for the results; it must not be there yet")
    parser.add_argument("--inquest", default="inquest", help="how inquest is started, here and on the workers")
    parser.add_argument("--partitions", type=int, help=f"default: one for every {ITEMS_A_PARTITION} items")
    parser.add_argument("path", nargs="+")
    return parser.parse_args(own), flags


def planned(inquest, paths, flags):
    """Lines of work items, largest first. What lies among the logs and is none, plan tells on standard error."""
    plan = subprocess.run([*shlex.split(inquest), "fleet", "plan", *flags, *paths], stdout=subprocess.PIPE, text=True)
    if plan.returncode != 0:
        sys.exit(plan.returncode)
    return plan.stdout.splitlines()


def dealt(items, partitions):
    """Like cards: the large ones, which come first, must not all fall to one partition."""
    return [item for start in range(partitions) for item in items[start::partitions]]


def row(line):
    return (json.loads(line)["item"], line)


def main():
    given, flags = arguments()
    items = planned(given.inquest, given.path, flags)
    partitions = given.partitions or max(1, -(-len(items) // ITEMS_A_PARTITION))
    spark = SparkSession.builder.appName("inquest fleet").getOrCreate()
    rules = [word for at, flag in enumerate(flags) if flag == "--rules" for word in flags[at : at + 2]]
    work = shlex.join([*shlex.split(given.inquest), "fleet", "work", *rules])
    # checkCode: a worker that cannot be started would otherwise be a short partition that nobody notices.
    results = spark.sparkContext.parallelize(dealt(items, partitions), partitions).pipe(work, checkCode=True).map(row)
    schema = StructType([StructField("item", StringType(), False), StructField("result", StringType(), False)])
    spark.createDataFrame(results, schema).write.mode("errorifexists").parquet(given.out)
    print(f"{len(items)} items in {partitions} partitions: inquest fleet report --store {given.out}", file=sys.stderr)
    spark.stop()


if __name__ == "__main__":
    main()
