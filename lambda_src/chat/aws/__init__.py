"""The little of AWS's API that starting needs, without an SDK: importing one takes longer than all else at start.

What is rare, or has more than a few operations, goes through boto3. Figures: docs/performance.md.
"""
